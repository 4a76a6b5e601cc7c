"""The names of all commands and the page that ``prongsai --help`` shows.

The page is printed from this table alone: no command, no YAML, not even the command-line library is loaded for
it. To add a command: write a function in a module of this folder and add one line here.
"""

from __future__ import annotations

# Name, place below prongsai.cli, and the sentence of the help page.
COMMANDS = (
    ("framework", "framework:app", "กรอบการประเมิน: รายการ รายละเอียด และตรวจไฟล์ (frameworks)"),
    ("template", "template:template", "สร้างแบบกรอกผลการประเมินเป็น XLSX (results template)"),
    ("schema", "template:schema", "พิมพ์ JSON Schema ของไฟล์แต่ละชนิด (file formats)"),
    ("score", "score:score", "คำนวณคะแนนและตรวจตัวเลขที่ขัดกัน (score and check)"),
    ("explain", "score:explain", "อธิบายที่มาของคะแนนหรือระดับทีละขั้น (trace one number)"),
    ("analyze", "analyze:analyze", "วิเคราะห์จุดแข็ง จุดอ่อน แนวโน้ม และระดับถัดไป (analysis)"),
    ("plan", "plan:app", "ร่างแผนมาตรการจากผลการวิเคราะห์ และตรวจแผน (plan of measures)"),
    ("progress", "plan:progress_app", "ร่างรายงานผลตามแผน และตรวจรายงาน (follow-up)"),
    ("report", "report:report", "เขียนเอกสารทางการ (official documents)"),
    ("read", "read:read", "อ่านรายงานที่เผยแพร่กลับเป็นข้อมูล พร้อมที่มาของทุกค่า (read reports back)"),
    ("audit", "audit:audit", "ตรวจรายงานที่เผยแพร่ว่ามีสิ่งใดขัดกันเอง (audit reports)"),
    ("oit", "oit:app", "หลักฐาน OIT: ตรวจลิงก์ก่อนยื่น (evidence links)"),
    ("survey", "survey:app", "แบบสอบถาม: ส่งออกไปเครื่องมืออื่น และนำคำตอบเข้า (questionnaires in and out)"),
    ("simulate", "simulate:simulate", "สร้างหน่วยงานหรือทั้งประเทศจำลองสำหรับซ้อมและทดสอบ (invented agencies)"),
    ("national", "national:national", "คำนวณคะแนนทุกหน่วยงานทั่วประเทศพร้อมกัน (every agency at once)"),
    ("signals", "signals:signals", "รูปแบบผิดปกติที่ผู้ประเมินควรตรวจดูซ้ำ (odd patterns, for the assessor)"),
    ("publish", "publish:publish", "สร้างหน้าเว็บผลการประเมินของหน่วยงาน (an agency's own pages)"),
    ("export", "export:export", "ส่งออกผลทั้งการประเมินเป็นข้อมูลเปิด (a round as open data)"),
    ("verify", "ledger:verify", "ตรวจว่าประวัติการดำเนินการไม่ถูกแก้ไขหลังผนึก (verify the sealed history)"),
    ("head", "ledger:head", "พิมพ์หัวบัญชีของประวัติไว้ประกาศหรือเก็บ (the line to post of the history)"),
    ("doctor", "doctor:doctor", "ตรวจการติดตั้งบนเครื่องนี้และบอกวิธีแก้ (examine this installation)"),
    ("backup", "backup:backup", "สำรองข้อมูลของเว็บไซต์ขณะทำงาน (back up the running site)"),
    ("restore", "backup:restore", "คืนข้อมูลจากสำเนาสำรองและตรวจว่าครบ (restore a backup and check it)"),
    ("retention", "retention:retention", "ลบข้อมูลที่ครบกำหนดเก็บ หรือดูก่อนว่ามีเท่าใด (erase what is over its time)"),
    ("serve", "serve:serve", "เปิดเว็บไซต์บนเครื่องนี้ (the site on this machine)"),
)
OPTIONS = (
    ("--install-completion", "ติดตั้งการเติมคำสั่งอัตโนมัติในเชลล์ที่ใช้อยู่ (shell completion)"),
    ("--help, -h", "แสดงวิธีใช้ของทุกคำสั่ง เช่น prongsai score --help (help)"),
    ("--version", "แสดงรุ่นของโปรแกรม (version)"),
)
ABOUT = "โปร่งใส (Prongsai): จากผลการประเมิน ITA สู่คะแนนที่อธิบายได้ แผน และเอกสารทางการ"
NOTES = (
    "สถานะเมื่อจบ (exit status):",
    "  0 เรียบร้อย (fine)   1 อ่านไฟล์ได้แต่มีสิ่งที่ต้องแก้ไข (something is wrong in the input)",
    "  2 ใช้ข้อมูลไม่ได้ และไม่ได้เขียนไฟล์ใด (unusable input, nothing written)",
    "ใช้ตัวเลขไทย ปี พ.ศ. หรือ ค.ศ. และรหัสข้อเช่น ข้อ ๑, I1, ๐11 ได้ทุกที่",
)


def page() -> str:
    """The text of ``prongsai --help``."""
    rows = [(name, sentence) for name, _, sentence in COMMANDS]
    return "\n".join(
        [
            "วิธีใช้ (Usage): prongsai COMMAND\n",
            f"{ABOUT}\n",
            "คำสั่ง (Commands):",
            *(f"  {name:<22}{sentence}" for name, sentence in rows),
            "\nตัวเลือก (Options):",
            *(f"  {name:<22}{sentence}" for name, sentence in OPTIONS),
            "",
            *NOTES,
        ]
    )
