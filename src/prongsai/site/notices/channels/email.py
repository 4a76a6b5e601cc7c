"""E-mail through whatever ``PRONGSAI_EMAIL_URL`` names; ``console:`` prints it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail

from prongsai.site.notices.models import Notice


def send(notice: Notice) -> None:
    """One mail, in Thai. Names nobody but the reader: mailboxes of small offices are shared."""
    address = f"\n\nเปิดดูได้ที่ {settings.SITE_ADDRESS}{notice.link}" if notice.link else ""
    text = (
        f"เรียน {notice.to.full_name}\n\n{notice.text}{address}\n\n"
        f"ข้อความนี้ส่งโดยอัตโนมัติจากระบบโปร่งใส {settings.SITE_ADDRESS} โปรดอย่าตอบกลับ\n"
    )
    send_mail(f"[โปร่งใส] {' '.join(notice.subject.split())}", text, None, [notice.to.email])
