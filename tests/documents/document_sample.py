"""One document with every kind of block, for all writers."""

from __future__ import annotations

import base64

from prongsai.documents.tree import (
    Bullets,
    Cell,
    Chart,
    Column,
    Contents,
    Document,
    Emblem,
    Gap,
    Heading,
    Lines,
    Paragraph,
    Picture,
    Run,
    Section,
    Series,
    Signature,
    Table,
)

# A red dot of 4 x 4 pixels.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR4nGP4z8AARwzEcQCukw/x0F8jngAAAABJRU5ErkJggg=="
)

INDICATORS = (
    ("การปฏิบัติหน้าที่", 96.42),
    ("การใช้งบประมาณ", 88.10),
    ("การใช้อำนาจ", 91.005),
    ("การใช้ทรัพย์สินของราชการ", 84.99),
    ("การแก้ไขปัญหาการทุจริต", 79.30),
    ("คุณภาพการดำเนินงาน", 93.00),
    ("ประสิทธิภาพการสื่อสารและการเปิดโอกาสให้ผู้รับบริการ ผู้มีส่วนได้ส่วนเสียเข้าไปมีส่วนร่วมในการปรับปรุงพัฒนา", 85.00),
    ("การปรับปรุงระบบการทำงาน", None),
    ("การเปิดเผยข้อมูล", 100.0),
    ("การป้องกันการทุจริต", 62.5),
)

TABLE = Table(
    columns=(Column(0.8, "center"), Column(4), Column(1.3, "right"), Column(1.3, "right"), Column(3)),
    head=(
        (
            Cell("ที่", rowspan=2),
            Cell("ตัวชี้วัด", rowspan=2),
            Cell("คะแนน", colspan=2),
            Cell("ข้อสังเกต", rowspan=2),
        ),
        (Cell("ปี ๒๕๖๗"), Cell("ปี ๒๕๖๘")),
    ),
    rows=(
        (Cell("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)", colspan=5, tone="group", bold=True),),
        (
            Cell("๑"),
            Cell("การปฏิบัติหน้าที่"),
            Cell("๙๕.๑๐", number=95.10),
            Cell("๙๖.๔๒", number=96.42, tone="good"),
            Cell("คงไว้ซึ่งมาตรฐาน ปฏิบัติงานตามขั้นตอนและระยะเวลาที่กำหนด", rowspan=2),
        ),
        (
            Cell("๒"),
            Cell("การใช้งบประมาณ"),
            Cell("๘๔.๐๐", number=84.0, tone="warn"),
            Cell("๘๘.๑๐", number=88.1),
        ),
        (
            Cell("๓"),
            Cell((Run("การใช้อำนาจ "), Run("(จุดอ่อน)", bold=True))),
            Cell("–", tone="none"),
            Cell("๗๙.๓๐", number=79.3, tone="bad"),
            Cell((Paragraph("กำหนดแนวทางการมอบหมายงาน"), Paragraph('=HYPERLINK("http://x")'))),
        ),
    ),
    caption="ตารางที่ ๑ คะแนนรายตัวชี้วัด",
    name="คะแนนรายตัวชี้วัด [ปี 2567/2568] ของเทศบาลเมืองตัวอย่าง",
)

WIDE = Table(
    columns=tuple(Column(1) for _ in range(6)),
    head=(
        (
            Cell("มาตรการ"),
            Cell("ขั้นตอนหรือวิธีปฏิบัติ"),
            Cell("ผู้รับผิดชอบ"),
            Cell("ระยะเวลา"),
            Cell("การติดตามผล"),
            Cell("ตัวชี้วัดความสำเร็จ"),
        ),
    ),
    rows=tuple(
        (
            Cell(f"มาตรการที่ {n} เสริมสร้างการรับรู้ขั้นตอนการขอใช้ทรัพย์สินของราชการ"),
            Cell("จัดทำคู่มือ ประชุมชี้แจง เผยแพร่บนเว็บไซต์ และติดประกาศในที่ที่เห็นได้ชัด"),
            Cell("สำนักปลัดเทศบาล"),
            Cell("ต.ค. 2568 – มี.ค. 2569"),
            Cell("รายงานรอบ 6 เดือน และ 12 เดือน"),
            Cell("ร้อยละ 90 ของเจ้าหน้าที่รับทราบ"),
        )
        for n in range(1, 13)
    ),
    caption="ตารางที่ ๒ มาตรการ",
    name="มาตรการ",
)

CHART = Chart(
    title="แผนภูมิที่ ๑ คะแนนรายตัวชี้วัด",
    labels=tuple(name for name, _ in INDICATORS),
    series=(Series("คะแนน", tuple(value for _, value in INDICATORS)),),
    alternative="สามตัวชี้วัดต่ำกว่า ๘๕.๐๐ ต่ำที่สุดคือการป้องกันการทุจริต ๖๒.๕๐",
    line=85,
    line_label="เกณฑ์ผ่าน ๘๕.๐๐",
    low=50,
)

PAIRED = Chart(
    title="แผนภูมิที่ ๒ เปรียบเทียบสองปี",
    labels=("IIT", "EIT ส่วนที่ ๑", "EIT ส่วนที่ ๒", "OIT"),
    series=(Series("ปี ๒๕๖๗", (90.12, 84.2, 88.0, None)), Series("ปี ๒๕๖๘", (94.5, 88.8, 81.0, 83.25))),
    alternative="ทุกเครื่องมือสูงขึ้น ยกเว้น EIT ส่วนที่ ๒",
    line=85,
)

MEMO = Section(
    (
        Emblem(),
        Paragraph((Run("บันทึกข้อความ", bold=True, size=29),), align="center", style="title"),
        Lines((("ส่วนราชการ", "สำนักปลัดเทศบาล เทศบาลเมืองตัวอย่าง โทร. ๐ ๐๐๐๐ ๐๐๐๐"),)),
        Lines((("ที่", "ตย ๐๐๐๑/"), ("วันที่", "๑๕ มกราคม ๒๕๖๙"))),
        Lines((("เรื่อง", "รายงานผลการวิเคราะห์การประเมินคุณธรรมและความโปร่งใส"),)),
        Gap(0.3),
        Paragraph("เรียน นายกเทศมนตรีเมืองตัวอย่าง"),
        Paragraph(
            (
                Run("ตามที่ได้เข้ารับการประเมิน ITA ประจำปีงบประมาณ พ.ศ.\u00a0๒๕๖๘ นั้น ได้คะแนน "),
                Run("๙๒.๘๙", bold=True),
                Run(" อยู่ใน"),
                Run("ระดับผ่าน", italic=True),
                Run(" น้ำ กำกับ ปี่ ญู ฐู ที่ นั้น "),
                Run("ดูข้อมูลเปิด", link="https://example.go.th/ita?a=1&b=2"),
            ),
            indent=True,
        ),
        Bullets(("เห็นชอบรายงานผลการวิเคราะห์", "ลงนามในประกาศมาตรการ"), numbered=True),
        Bullets(("ข้อความแรก", (Run("ข้อความที่สอง "), Run("ตัวหนา", bold=True)))),
        Bullets(("เริ่มนับหนึ่งใหม่",), numbered=True),
        Signature("นายตัวอย่าง ทดสอบ", ("นักวิเคราะห์นโยบายและแผนปฏิบัติการ",), date=True),
        Signature(None, ("ปลัดเทศบาลเมืองตัวอย่าง",)),
    ),
    page_numbers=False,
)

COVER = Section(
    (
        Emblem(PNG, height=3, align="center"),
        Paragraph("รายงานผลการวิเคราะห์", style="title", align="center"),
        Paragraph("เทศบาลเมืองตัวอย่าง", style="subtitle", align="center"),
    ),
    page_numbers=False,
    vertical_center=True,
)

SAMPLE = Document(
    title="รายงานผลการวิเคราะห์การประเมิน ITA",
    agency="เทศบาลเมืองตัวอย่าง",
    kind="analysis",
    header="รายงานผลการวิเคราะห์ ITA",
    footer="เทศบาลเมืองตัวอย่าง",
    digits="thai",
    slots={"date": "๑๕ มกราคม ๒๕๖๙"},
    sections=(
        MEMO,
        COVER,
        Section((Contents(),), page_numbers=False),
        Section(
            (
                Heading("ส่วนที่ ๑ ผลการประเมินในภาพรวม"),
                Paragraph('หน่วยงานมีผลการประเมินดังนี้ <b>ไม่ใช่แท็ก</b> & "อัญประกาศ"', indent=True),
                Heading("๑.๑ คะแนนรายตัวชี้วัด", 2),
                TABLE,
                Heading("รายละเอียด", 3),
                CHART,
                PAIRED,
                Gap(page=True),
                Picture(PNG, "ภาพกิจกรรมประกาศเจตนารมณ์", width=6, caption="ภาพที่ ๑ กิจกรรม"),
                Paragraph("หมายเหตุ ข้อมูล ณ วันที่ ๑ มกราคม ๒๕๖๙", style="small"),
            )
        ),
        Section((Heading("ส่วนที่ ๒ มาตรการ"), WIDE), landscape=True),
    ),
)
