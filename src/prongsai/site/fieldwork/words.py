"""Everything the offline page says by script, in the language of the page; ``{n}`` is filled in on the device."""

from __future__ import annotations

from typing import Any

from prongsai.site.base.text import T

_WORDS: dict[str, Any] = {
    "name": T("โปร่งใส งานสัมภาษณ์", "Prongsai field work"),
    "short": T("สัมภาษณ์ ITA", "ITA field"),
    # states of the queue
    "draft": T("ฉบับร่าง", "Draft"),
    "ready": T("พร้อมส่ง", "Ready"),
    "sent": T("ส่งแล้ว รอยืนยัน", "Sent, not confirmed"),
    "confirmed": T("ยืนยันแล้ว", "Confirmed"),
    "refused": T("ระบบไม่รับ", "Refused"),
    # network
    "online": T("ออนไลน์", "Online"),
    "offline": T("ออฟไลน์ ทำงานต่อได้ ข้อมูลเก็บในเครื่องนี้", "Offline. Work on: everything is kept on this device"),
    "sending": T("กำลังส่ง…", "Sending…"),
    "all_sent": T("ส่งครบแล้ว ไม่มีแบบสัมภาษณ์ค้างในเครื่อง", "All sent; no interview is left on this device"),
    "left": T("ยังไม่ได้ส่ง {n} ชุด", "{n} interviews are not sent yet"),
    "signed_out": T(
        "หมดเวลาเข้าสู่ระบบ แบบสัมภาษณ์ทุกชุดยังอยู่ในเครื่อง โปรดเข้าสู่ระบบแล้วกลับมาที่หน้านี้",
        "Your session is over. Every interview is still on this device: sign in and come back to this page.",
    ),
    "sign_in": T("เข้าสู่ระบบ", "Sign in"),
    "no_role": T(
        "บัญชีนี้ไม่มีบทบาทผู้สำรวจ แบบสัมภาษณ์ยังอยู่ในเครื่อง โปรดแจ้งผู้ควบคุมงานสนาม",
        "This account is no surveyor’s. Interviews stay on this device: tell the field supervisor.",
    ),
    "server": T(
        "ระบบตอบไม่สำเร็จ แบบสัมภาษณ์ยังอยู่ในเครื่อง และจะส่งใหม่เอง",
        "The server could not answer. Interviews stay here and are sent again.",
    ),
    "others": T(
        "ในเครื่องนี้มีแบบสัมภาษณ์ของผู้สำรวจอื่น {n} ชุดที่ยังไม่ได้ส่ง เจ้าของต้องเข้าสู่ระบบเพื่อส่งเอง",
        "This device holds {n} unsent interviews of another surveyor, who must sign in to send them.",
    ),
    # clock and storage
    "clock_fast": T(
        "นาฬิกาเครื่องเร็วกว่าเวลาจริง {n} ไม่กระทบแบบสัมภาษณ์ ระบบปรับให้",
        "This device’s clock is {n} fast. Interviews are not affected.",
    ),
    "clock_slow": T(
        "นาฬิกาเครื่องช้ากว่าเวลาจริง {n} ไม่กระทบแบบสัมภาษณ์ ระบบปรับให้",
        "This device’s clock is {n} slow. Interviews are not affected.",
    ),
    "minutes": T("{n} นาที", "{n} min"),
    "hours": T("{n} ชั่วโมง", "{n} h"),
    "days": T("{n} วัน", "{n} days"),
    "full": T(
        "บันทึกลงเครื่องไม่ได้ พื้นที่เครื่องเต็มหรือถูกปิดกั้น คำตอบล่าสุดยังอยู่บนหน้าจอเท่านั้น อย่าปิดหน้านี้ "
        "โปรดลบรูปหรือวิดีโอในเครื่อง แล้วกดคำตอบนี้อีกครั้ง",
        "This could not be saved: the device is full or blocks storage. The last answer is only on the screen. Do not "
        "close this page; delete pictures or videos, then choose this answer again.",
    ),
    "low": T(
        "พื้นที่เครื่องเหลือน้อย ({n} MB) โปรดส่งแบบสัมภาษณ์ที่ค้าง และลบไฟล์ที่ไม่ใช้",
        "Little space is left ({n} MB). Send what waits and delete what you do not need.",
    ),
    "not_persistent": T(
        "เบราว์เซอร์ยังไม่รับรองว่าจะเก็บข้อมูลไว้ตลอด โปรดติดตั้งแอปลงหน้าจอหลัก และส่งทุกครั้งที่มีสัญญาณ",
        "The browser does not promise to keep this data. Install the app and send whenever there is a signal.",
    ),
    "no_storage": T(
        "เบราว์เซอร์นี้เก็บข้อมูลหรือปิดผนึกคำตอบไม่ได้ โปรดปรับปรุงเบราว์เซอร์ หรือเลิกใช้โหมดไม่ระบุตัวตน",
        "This browser cannot keep or seal answers. Update it, or leave private browsing.",
    ),
    "two_tabs": T(
        "แอปนี้เปิดอยู่ในอีกแท็บหนึ่ง โปรดใช้แท็บนั้น หรือปิดแล้วเปิดหน้านี้ใหม่",
        "The app is open in another tab: use that one, or close it and reload this page.",
    ),
    # lock
    "short_pin": T("ต้องมีอย่างน้อย 8 ตัวอักษรหรือตัวเลข", "At least 8 letters or digits are needed."),
    "pins_differ": T("รหัสสองช่องไม่ตรงกัน", "The two do not match."),
    "wrong_pin": T("รหัสไม่ถูกต้อง", "Wrong code."),
    "forget": T(
        "ลบรหัสและฉบับร่าง {n} ชุดที่ยังสัมภาษณ์ไม่จบ? แบบสัมภาษณ์ที่พร้อมส่งไม่ถูกลบ",
        "Delete the code and {n} unfinished drafts? Interviews that are ready are not deleted.",
    ),
    # quotas
    "no_work": T("ยังไม่มีงานที่มอบหมาย โปรดติดต่อผู้ควบคุมงานสนาม", "No work is assigned yet: ask your field supervisor."),
    "need_once": T(
        "โปรดเชื่อมต่ออินเทอร์เน็ตและเข้าสู่ระบบหนึ่งครั้ง เพื่อรับงานลงเครื่อง",
        "Connect and sign in once, to take your work onto this device.",
    ),
    "done_of": T("{n} จาก {all} คน", "{n} of {all} people"),
    "closes": T("ปิดรับ {n}", "Closes {n}"),
    "ask": T("สอบถาม: {n}", "Ask: {n}"),
    "start": T("เริ่มสัมภาษณ์", "Start an interview"),
    "not_open": T("ยังไม่เปิด หรือปิดแล้ว", "Not open"),
    "was_returned": T("ส่งคืน {n} ชุด ต้องสัมภาษณ์ใหม่", "{n} returned: interview again"),
    "returned_one": T("สัมภาษณ์เมื่อ {when}: {reason}", "Interview of {when}: {reason}"),
    # queue
    "empty": T("ยังไม่มีแบบสัมภาษณ์ในเครื่อง", "No interview is on this device."),
    "go_on": T("ทำต่อ", "Continue"),
    "begun": T("เริ่ม {n}", "Begun {n}"),
    "proof": T("เลขอ้างอิง {n}", "Reference {n}"),
    "remove": T("ลบออกจากเครื่อง", "Delete from this device"),
    "sure_remove": T(
        "ลบแบบสัมภาษณ์ที่ระบบไม่รับชุดนี้? คำตอบจะหายถาวร", "Delete this refused interview? Its answers are gone for good."
    ),
    # interview
    "step": T("ข้อ {n} จาก {all}", "Question {n} of {all}"),
    "saved": T("บันทึกลงเครื่องแล้ว", "Saved on this device"),
    "choose": T("โปรดเลือกคำตอบก่อน", "Choose an answer first."),
    "next": T("ถัดไป", "Next"),
    "change": T("แก้ไข", "Change"),
    "to_review": T("ทบทวนคำตอบ", "Review the answers"),
    "draft_language": T("ฉบับร่าง ยังไม่ได้ตรวจทาน", "draft, not reviewed"),
    "unfinished": T("ยังไม่ได้ตอบ", "Not answered"),
    "sure_discard": T("ลบแบบสัมภาษณ์นี้? คำตอบที่กรอกไว้จะหายถาวร", "Delete this interview? Its answers are gone for good."),
    "nothing_kept": T(
        "ไม่ได้เก็บสิ่งใดไว้ ขอบคุณผู้ตอบ แล้วเริ่มกับคนถัดไปได้", "Nothing was kept. Thank the person and go on to the next."
    ),
    "finished": T("ปิดผนึกแล้ว พร้อมส่ง", "Sealed and ready to send."),
    "over_quota": T(
        "ครบจำนวนที่มอบหมายแล้ว สัมภาษณ์เพิ่มได้หากผู้ควบคุมงานสนามต้องการ",
        "The quota is reached; go on only if your supervisor wants more.",
    ),
}


def words() -> dict[str, str]:
    """The words in the language in force."""
    return {key: str(text) for key, text in _WORDS.items()}
