"""The kinds of agency that a form offers, by the code that files use."""

from __future__ import annotations

AGENCY_KINDS = {
    "provincial_organization": "องค์การบริหารส่วนจังหวัด",
    "city_municipality": "เทศบาลนคร",
    "town_municipality": "เทศบาลเมือง",
    "subdistrict_municipality": "เทศบาลตำบล",
    "subdistrict_organization": "องค์การบริหารส่วนตำบล",
    "special_local_government": "องค์กรปกครองส่วนท้องถิ่นรูปแบบพิเศษ",
    "province": "จังหวัด",
    "department": "กรมหรือเทียบเท่า",
    "state_enterprise": "รัฐวิสาหกิจ",
    "public_organization": "องค์การมหาชน",
    "higher_education": "สถาบันอุดมศึกษา",
    "fund": "กองทุน",
    "independent_body": "องค์กรอิสระ",
    "constitutional_body": "หน่วยงานของศาล องค์กรอัยการ หรือรัฐสภา",
    "other_state_agency": "หน่วยงานอื่นของรัฐ",
}
