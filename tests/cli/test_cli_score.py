from __future__ import annotations


def test_shape_of_one_file(prongsai, files) -> None:
    run = prongsai("score", files / "results.yaml", "--json")
    assert run.status == 1
    data = run.json
    assert {"agency", "fiscal_year", "framework", "overall", "components", "instruments", "indicators", "items"} <= set(
        data
    )
    assert {"unknown", "disagreements", "assumed"} <= set(data)
    assert data["fiscal_year"] == 2568
    assert data["overall"]["score"] == "90.25"
    assert data["items"]["i1"]["score"] == "88.00"
    assert data["items"]["i3"]["score"] == "92.00"
    assert data["items"]["o11"]["score"] == "0.00"


def test_contradictions_are_listed_with_their_arithmetic(prongsai, files) -> None:
    run = prongsai("score", files / "contradiction.yaml")
    assert run.status == 1
    assert "ตัวชี้วัดที่ 1 ระบุไว้ 80.00 แต่คำนวณได้ 98.20" in run.out
    assert "i1 = 99.10, i2 = 98.20, i3 = 97.30" in run.out
    found = prongsai("score", files / "contradiction.yaml", "--json").json["disagreements"]
    assert [(one["node"], one["given"], one["computed"]) for one in found] == [("1", "80.00", {"score": "98.20"})]


def test_fine_file_ends_with_zero(prongsai, files) -> None:
    run = prongsai("score", files / "previous.yaml")
    assert (run.status, run.err) == (0, "")
    assert "เทศบาลตำบลสมมติ" in run.out


def test_several_files_and_a_folder(prongsai, files) -> None:
    run = prongsai("score", files / "previous.yaml", files / "results.yaml", "--json")
    assert run.status == 1
    assert [result["file"] for result in run.json["results"]] == [
        str(files / "previous.yaml"),
        str(files / "results.yaml"),
    ]
    (files / "plan.yaml").write_text("kind: measures\nagency: {name: x}\npoints: []\n", encoding="utf-8")
    assert len(prongsai("score", files, "--json").json["results"]) == 3


def test_one_bad_file_does_not_hide_the_others(prongsai, files) -> None:
    (files / "bad.yaml").write_text("agency: {name: x}\nfiscal_year: 2568\nscores: {overall: สูง}\n", encoding="utf-8")
    run = prongsai("score", files, "--json")
    assert run.status == 2
    assert len(run.json["results"]) == 3
    assert [error["where"].startswith(str(files / "bad.yaml")) for error in run.json["errors"]] == [True]
    text = prongsai("score", files)
    assert text.status == 2
    assert "เทศบาลตำบลขัดแย้ง" in text.out
    assert "bad.yaml" in text.err


def test_relative_and_absolute_paths_together(prongsai, files, monkeypatch) -> None:
    monkeypatch.chdir(files)
    run = prongsai("score", "previous.yaml", files / "contradiction.yaml")
    assert run.status == 1
    assert "previous.yaml" in run.out


def test_folder_without_results(prongsai, tmp_path) -> None:
    run = prongsai("score", tmp_path)
    assert run.status == 2
    assert "ไม่พบไฟล์ผลการประเมิน" in run.err


def test_small_groups_are_withheld(prongsai, tmp_path) -> None:
    path = tmp_path / "few.yaml"
    tallies = "\n".join(f"  i{n}: {{5: 2, 4: 1}}" for n in (1, 2, 4, 5))
    path.write_text(f"agency: {{name: x}}\nfiscal_year: 2568\ntallies:\n{tallies}\n", encoding="utf-8")
    run = prongsai("score", path, "--json")
    assert run.json["items"]["i1"]["withheld"] is True
    assert "score" not in run.json["items"]["i1"]
    assert "ไม่แสดง" in prongsai("score", path).out
    assert "5: 2" not in prongsai("explain", path, "i1").out


def test_unknown_hypothesis_lists_those_offered(prongsai, files) -> None:
    run = prongsai("score", files / "results.yaml", "--assume", "magic", "--json")
    assert run.status == 2
    assert "eit-mean-of-parts" in run.json["errors"][0]["next_th"]


def test_explain_walks_down(prongsai, files) -> None:
    run = prongsai("explain", files / "results.yaml", "ตัวชี้วัดที่ ๑")
    assert run.status == 0
    assert "ค่าเฉลี่ยของ: i1 = 88.00" in run.out
    data = prongsai("explain", files / "results.yaml", "level", "--json", "--depth", "๒").json
    assert set(data) == {"node", "text_th", "below"}
    assert data["node"] == "level"


def test_explain_unknown_node(prongsai, files) -> None:
    run = prongsai("explain", files / "results.yaml", "i99")
    assert run.status == 2
    assert "i99" in run.err
    assert prongsai("explain", files / "results.yaml", "i1", "--depth", "0").status == 2
    assert prongsai("explain", files / "results.yaml", "ข้อ ๑").status == 2  # of which instrument?
    assert prongsai("explain", files / "results.yaml", "ข้อ i๑").status == 0


def test_piped_output_is_not_cut(prongsai, files) -> None:
    out = prongsai("explain", files / "results.yaml", "i1").out
    assert "…" not in out
    assert out.startswith("ข้อ i1 ")
    assert out.strip().endswith("(คะแนนตามผลที่ได้รับ)")
    assert "\n" not in out.strip()
