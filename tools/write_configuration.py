"""Writes the table of all settings to docs/configuration.md: ``python tools/write_configuration.py``."""

from __future__ import annotations

from pathlib import Path

from prongsai.site.env import ELSEWHERE, Environment, variable

TARGET = Path(__file__).parent.parent / "docs" / "configuration.md"
_HEAD = """# ค่าที่ผู้ติดตั้งกำหนดได้ · Settings

หน้านี้สร้างจาก `src/prongsai/site/env.py` ด้วย `make docs` โปรดไม่แก้ไขด้วยมือ
(This page is made from `src/prongsai/site/env.py` by `make docs`; do not edit it.)

กำหนดเป็นตัวแปรสภาพแวดล้อม ค่าที่ไม่รู้จักหรืออ่านไม่ได้ทำให้ระบบไม่เริ่มทำงานและบอกชื่อตัวแปร ค่าลับใส่ไว้ในไฟล์ได้ โดยเติม `_FILE` ท้ายชื่อ
เช่น `PRONGSAI_SECRET_KEY_FILE=/run/secrets/key` ตรวจค่าทั้งหมดได้ด้วย `prongsai doctor` ([การดูแลระบบ](operations.md))

Every setting is an environment variable. What is unknown or cannot be read stops the start and is named. A secret may
come from a file: add `_FILE` to the name. `prongsai doctor` checks them all ([operations](operations.md)).

| ตัวแปร · variable | ค่าตั้งต้น · default | ความหมาย · meaning |
|---|---|---|
"""
_MORE = """
## ตัวแปรของส่วนอื่น · Variables of other parts

| ตัวแปร · variable | ความหมาย · meaning |
|---|---|
"""
_TAIL = """
## ผู้ให้บริการยืนยันตัวตน · Identity providers

```sh
export PRONGSAI_OIDC='[{"id": "office", "name": "บัญชีกลางของจังหวัด", "client_id": "prongsai",
  "secret": "…", "server_url": "https://login.example.go.th", "claim": "preferred_username",
  "second_factor": ["mfa", "otp", "hwk"]}]'
```

- ลงทะเบียนที่อยู่กลับ (redirect URI) กับผู้ให้บริการ: `<PRONGSAI_ADDRESS>/accounts/oidc/<id>/login/callback/`
- ใช้รหัสอนุญาต (authorization code) กับ PKCE และขอเฉพาะ `openid profile email`
- `claim` คือข้อมูลที่ใช้ระบุตัวบุคคล ผู้ดูแลระบบบันทึกค่านั้นไว้กับแต่ละบุคคลก่อน บุคคลที่ไม่มีผู้บันทึกไว้เข้าไม่ได้ และระบบบอกว่าต้องแจ้งชื่อใดแก่ผู้ดูแล
- The claim's value is entered for each person beforehand; anyone else is told which name to give to the administrator.
  Accounts are never made by signing in.
- `second_factor`: ค่าของ `amr` หรือ `acr` ใน ID token ที่ถือว่าผู้ให้บริการยืนยันสองขั้นแล้ว
  ถ้าไม่กำหนด ผู้มีบทบาทที่ต้องยืนยันสองขั้นต้องตั้งแอปที่ระบบนี้ด้วย ให้กำหนดเฉพาะค่าที่ผู้ให้บริการรับรองเป็นหนังสือว่าหมายถึงสองขั้น
- `second_factor`: values of `amr` (RFC 8176) or `acr` in the ID token by which the provider says that two factors were
  used. Without it nobody is believed, and people whose roles require a second factor set up the app here, too.
- `issuer`: ชื่อที่ข้อมูลของผู้ให้บริการ (`/.well-known/openid-configuration`) ต้องระบุ ถ้าไม่กำหนดคือ `server_url`
  ถ้าระบุชื่ออื่น ระบบไม่ส่งผู้ใดไปเข้าสู่ระบบที่นั่น กำหนดเมื่อผู้ให้บริการแจ้งชื่อที่ต่างจากที่อยู่
- `issuer`: the name that the provider's metadata must bear; `server_url` if unset. Where they bear another, nobody is
  sent there. Set it where the provider states a name that differs from its address. `prongsai doctor` looks, too.
"""


def page() -> str:
    """The text of the page."""
    rows = []
    for name, field in Environment.model_fields.items():
        extra = field.json_schema_extra
        thai = extra.get("th") if isinstance(extra, dict) else None
        if not thai or not field.description:
            raise SystemExit(f"{variable(name)}: say in both languages what it is for (site/env.py)")
        rows.append(f"| `{variable(name)}` | {_default(field.default)} | {thai} · {field.description} |")
    others = [f"| `{name}` | {th} · {en} |" for name, (th, en) in ELSEWHERE.items()]
    return _HEAD + "\n".join(rows) + "\n" + _MORE + "\n".join(others) + "\n" + _TAIL


def _default(value: object) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, list):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
