"""Examples of the docs page, in three languages. A test runs every one of them as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = {"curl": "curl", "python": "Python (httpx)", "r": "R (jsonlite, httr2)"}


@dataclass(frozen=True)
class Example:
    """One task. ``code``: language → program; ``{api}`` stands for the API's address, ``{code}`` and ``{round}`` for an
    agency and a round that are published.
    """

    key: str
    title: tuple[str, str]
    code: dict[str, str]

    def written(self, api: str, code: str, round: str) -> dict[str, str]:
        """The programs with real addresses."""
        put = {"{api}": api, "{code}": code, "{round}": round}
        made = dict(self.code)
        for name, value in put.items():
            made = {language: text.replace(name, value) for language, text in made.items()}
        return made


EXAMPLES = (
    Example(
        "search",
        ("ค้นหาหน่วยงาน แล้วอ่านผลล่าสุด", "Find an agency and read its newest result"),
        {
            "curl": """curl -fsS --get "{api}/search" --data-urlencode "q={code}"
curl -fsS "{api}/agencies/{code}/rounds\"""",
            "python": """import httpx

with httpx.Client(base_url="{api}") as api:
    found = api.get("/search", params={"q": "{code}"}).raise_for_status().json()["data"]
    for year in api.get(f"/agencies/{found[0]['code']}/rounds").json()["data"]:
        print(year["fiscal_year_be"], year["level"], year["scores"]["overall"])
""",
            "r": """library(jsonlite)

found <- fromJSON(paste0("{api}/search?q=", URLencode("{code}", reserved = TRUE)))$data
years <- fromJSON(found$links$rounds[1])$data
print(years[, c("fiscal_year_be", "level")])
""",
        },
    ),
    Example(
        "scores",
        ("ทุกคะแนนของหน่วยงาน พร้อมช่วงความเชื่อมั่น", "Every score of an agency with its interval"),
        {
            "curl": """curl -fsS "{api}/agencies/{code}/rounds/{round}/scores\"""",
            "python": """import httpx

page = httpx.get("{api}/agencies/{code}/rounds/{round}/scores").raise_for_status().json()
for one in page["data"]:
    # score: known; low and high: only a range is known; neither: origin says why
    shown = one.get("score") or (f"{one['low']}–{one['high']}" if "low" in one else one["origin"])
    error = one.get("error", {})
    print(one["node"], shown, error.get("low95"), error.get("high95"))
""",
            "r": """library(jsonlite)

scores <- fromJSON("{api}/agencies/{code}/rounds/{round}/scores", flatten = TRUE)$data
scores$points <- as.numeric(scores$score) # NA: a range (low, high) or none (see origin)
print(scores[scores$node %in% c("overall", "IIT", "OIT"), c("node", "origin", "points", "low", "high")])
""",
        },
    ),
    Example(
        "pages",
        ("ทุกหน่วยงานของการประเมิน ทีละหน้า", "Every agency of a round, page after page"),
        {
            "curl": """# One page; the next one stands in links.next. For everything at once, take the files (below).
curl -fsS "{api}/agencies?round={round}&sort=-overall&limit=100\"""",
            "python": """import httpx

agencies, address = [], "{api}/agencies?round={round}&limit=1000"
while address:
    page = httpx.get(address).raise_for_status().json()
    agencies += page["data"]
    address = page["links"]["next"]
print(len(agencies), "agencies, revision", page["meta"]["revision"])
""",
            "r": """library(jsonlite)

pages <- list()
address <- "{api}/agencies?round={round}&limit=1000"
while (!is.null(address)) {
  page <- fromJSON(address, flatten = TRUE)
  pages[[length(pages) + 1]] <- page$data
  address <- page$links$`next`
}
agencies <- rbind_pages(pages)
cat(nrow(agencies), "agencies, revision", page$meta$revision, "\\n")
""",
        },
    ),
    Example(
        "files",
        ("ข้อมูลทั้งชุดจากไฟล์ พร้อมตรวจค่า SHA-256", "Everything at once from the files, checked by SHA-256"),
        {
            "curl": """curl -fsS "{api}/rounds/{round}/bulk\"""",
            "python": """import csv, hashlib, httpx

files = httpx.get("{api}/rounds/{round}/bulk").raise_for_status().json()["data"]
one = next(file for file in files if file["path"] == "csv/agencies.csv")
content = httpx.get(one["href"]).raise_for_status().content
assert hashlib.sha256(content).hexdigest() == one["sha256"]
print(sum(1 for line in csv.DictReader(content.decode().splitlines())), "agencies")
""",
            "r": """library(jsonlite)

files <- fromJSON("{api}/rounds/{round}/bulk")$data
agencies <- read.csv(files$href[files$path == "csv/agencies.csv"], fileEncoding = "UTF-8", colClasses = "character")
print(table(agencies$level))
""",
        },
    ),
    Example(
        "news",
        ("ถามเฉพาะเมื่อมีสิ่งใหม่", "Ask only for what is new"),
        {
            "curl": """# The second request costs nothing: 304, without a body.
tag=$(curl -fsS -o changes.json -w '%header{etag}' "{api}/changes")
curl -fsS -o changes.json -w '%{http_code}\\n' -H "If-None-Match: $tag" "{api}/changes\"""",
            "python": """import httpx

first = httpx.get("{api}/changes").raise_for_status()
again = httpx.get("{api}/changes", headers={"If-None-Match": first.headers["ETag"]})
print("nothing new" if again.status_code == 304 else again.json()["data"][0]["at"])
""",
            "r": """library(httr2)

first <- request("{api}/changes") |> req_perform()
again <- request("{api}/changes") |>
  req_headers(`If-None-Match` = resp_header(first, "ETag")) |>
  req_perform()
print(if (resp_status(again) == 304) "nothing new" else resp_body_json(again)$data[[1]]$at)
""",
        },
    ),
)
