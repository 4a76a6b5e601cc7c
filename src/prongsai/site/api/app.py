"""The API itself: its operations, one router a thing, and the document that describes them.

A router is a file of its own with ``router = Router(tags=[…])``; it is listed in ``ROUTERS`` and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from prongsai.site.api import errors
from prongsai.site.api.envelope import BASE
from prongsai.site.api.render import rendered

ROUTERS = ("rounds", "agencies", "search", "groups", "frameworks", "changes", "write")
REFUSALS = (400, 401, 404, 405, 412, 414, 422, 429)  # what every operation may answer


class _Compact(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        return rendered(data)


class Api(NinjaAPI):
    """ninja's API at its fixed address, with our errors in every operation's description."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:  # noqa: ARG002
        """Where it stands: its routes are not the site's, so nothing is looked up."""
        return BASE.removeprefix("/") + "/"

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """With what was found, which the library leaves out: an error says it."""
        made = super().validation_error_from_error_contexts(error_contexts)
        every = [one for context in error_contexts for one in context.pydantic_validation_error.errors()]
        for told, one in zip(made.errors, every, strict=True):
            if isinstance(one["input"], str | int | float):
                told["found"] = one["input"]
        return made

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function: short, and unique by a test."""
        return operation.view_func.__name__


api = Api(
    title="Prongsai",
    version="1",
    description="Published results of the integrity and transparency assessment (ITA).",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    renderer=_Compact(),
)
errors.install(api)


def _known_only(run: Callable[..., Any]) -> Callable[..., Any]:
    """A parameter that an operation does not have, or that is given twice, is a mistake of the caller and said so."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    known = frozenset(_parameters(operation))

    @wraps(run)
    def checked(request: HttpRequest, **path: Any) -> Any:
        wrong = [_unknown(name, known) for name in request.GET if name not in known]
        wrong += [_twice(name) for name, values in request.GET.lists() if name in known and len(values) > 1]
        return errors.ApiError(422, wrong).response() if wrong else run(request, **path)

    return checked


def _parameters(operation: Operation) -> list[str]:
    return [
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in getattr(model, "__ninja_flatten_map__", model.model_fields)
    ]


def _unknown(name: str, known: frozenset[str]) -> errors.Problem:
    names = ", ".join(sorted(known))
    expected = (f"หนึ่งใน {names}", f"one of {names}") if known else ("ไม่มีพารามิเตอร์", "no parameter")
    return errors.problem(
        "unknown_parameter",
        f"query.{name[: errors.SHOWN]}",
        ("ไม่มีพารามิเตอร์นี้", "there is no such parameter"),
        name,
        expected,
        ("โปรดตรวจสอบตัวสะกด หรือดู /api/docs/", "Check the spelling, or see /api/docs/."),
    )


def _twice(name: str) -> errors.Problem:
    return errors.problem(
        "given_twice",
        f"query.{name}",
        ("ให้ค่านี้มากกว่าหนึ่งครั้ง", "this value is given more than once"),
        expected=("ให้ค่าเพียงครั้งเดียว", "one value"),
        next=("โปรดส่งเพียงค่าเดียว", "Send one value."),
    )


api.add_decorator(_known_only, mode="view")
for _name in ROUTERS:
    if find_spec(f"prongsai.site.api.{_name}"):
        api.add_router("", import_module(f"prongsai.site.api.{_name}").router)


@cache
def methods_by_route() -> dict[str, set[str]]:
    """Which methods each address takes, by its route as Django names it."""
    made: dict[str, set[str]] = {}
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            route = (BASE.removeprefix("/") + path).replace("{", "<").replace("}", ">")
            made.setdefault(route, set()).update(name for one in view.operations for name in one.methods)
    return made


@cache
def document() -> OpenAPISchema:
    """The OpenAPI document."""
    made = api.get_openapi_schema(path_prefix=BASE)
    _describe_refusals(made)
    return made


def _describe_refusals(made: dict[str, Any]) -> None:
    made["components"]["schemas"].update(_refusal_schemas())
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for methods in made["paths"].values():
        for operation in methods.values():
            operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
            of_round = any(one["name"] == "round" for one in operation.get("parameters", []))
            for status in (*REFUSALS, *((410,) if of_round else ())):
                described = {"description": errors.PLAIN[status].message[1], "content": content}
                operation["responses"].setdefault(str(status), described)
            operation["responses"] = dict(sorted(operation["responses"].items()))


def _refusal_schemas() -> dict[str, Any]:
    schema = errors.Refusal.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**schema.pop("$defs"), "Refusal": schema}


def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """The document, as every program reads it."""
    return HttpResponse(rendered(document()), content_type="application/json")
