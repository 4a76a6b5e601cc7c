"""Addresses of surveys: a round over all its agencies, one agency's surveys, and what an agency runs for itself."""

from django.urls import path

from prongsai.site.surveys import agency_views, elsewhere_views, monitor_views, own_views, round_views, setup_views

_ROUND = "rounds/<slug:slug>/surveys/"
_FORM = f"{_ROUND}form/<str:container>/"
_YEAR = "agencies/<slug:code>/<slug:slug>/surveys/"
_ONE = f"{_YEAR}<str:container>/"
_OWN = "agencies/<slug:code>/own/"

urlpatterns = [
    path(_ROUND, round_views.round_surveys, name="round_surveys"),
    path(f"{_ROUND}all/<slug:kind>/", round_views.everywhere, name="survey_everywhere"),
    path(f"{_ROUND}job/<int:pk>/", round_views.job, name="survey_job"),
    path(f"{_ROUND}monitor/", monitor_views.monitor, name="survey_monitor"),
    path(f"{_ROUND}monitor/list.<slug:form>", monitor_views.monitor_file, name="survey_monitor_file"),
    path(f"{_FORM}preview/", round_views.round_preview, name="round_survey_preview"),
    path(f"{_FORM}wording/", round_views.wording, name="survey_wording"),
    path(f"{_FORM}wording/<slug:language>.yaml", round_views.wording_file, name="survey_wording_file"),
    path(_OWN, own_views.own, name="own_surveys"),
    path(f"{_OWN}start/<slug:kind>/", own_views.start, name="own_start"),
    path(_YEAR, agency_views.surveys, name="surveys"),
    path(f"{_YEAR}prepare/", setup_views.prepare, name="survey_prepare"),
    path(f"{_YEAR}gather/", setup_views.gather, name="survey_gather"),
    path(f"{_YEAR}extend/", own_views.extend, name="own_extend"),
    path(f"{_YEAR}points/", own_views.service_points, name="service_points"),
    path(f"{_YEAR}points/summary.<slug:form>", own_views.points_file, name="service_points_file"),
    path(f"{_YEAR}points/publish/", own_views.publish_points, name="service_points_publish"),
    path(f"{_ONE}elsewhere/", elsewhere_views.elsewhere, name="survey_elsewhere"),
    path(f"{_ONE}xlsform/", elsewhere_views.xlsform, name="survey_xlsform"),
    path(f"{_ONE}setup/", setup_views.setup, name="survey_setup"),
    path(f"{_ONE}open/", setup_views.open_survey, name="survey_open"),
    path(f"{_ONE}close/", setup_views.close, name="survey_close"),
    path(f"{_ONE}codes/", setup_views.codes, name="survey_codes"),
    path(f"{_ONE}codes/<int:pk>/void/", setup_views.void, name="survey_void"),
    path(f"{_ONE}draw/", setup_views.draw, name="survey_draw"),
    path(f"{_ONE}places/", setup_views.places, name="survey_places"),
    path(f"{_ONE}list/", agency_views.give_list, name="survey_list"),
    path(f"{_ONE}list/withdraw/", agency_views.withdraw_list, name="survey_list_withdraw"),
    path(f"{_ONE}verify/", agency_views.verify, name="survey_verify"),
    path(f"{_ONE}reminder/", agency_views.reminder, name="survey_reminder"),
    path(f"{_ONE}preview/", agency_views.preview, name="survey_preview"),
    path(f"{_ONE}print/<str:name>", agency_views.printed, name="survey_print"),
    path("satisfaction/<slug:code>/<slug:slug>/", own_views.public_points, name="service_points_public"),
]
