"""The one shape of every answer, good or bad: {"code", "msg", "data"}, where code is the HTTP status."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException


class Failure(BaseModel):
    code: int
    msg: str
    data: None = None


# For the OpenAPI document: every route that can fail, fails in this shape.
failures: dict[int | str, dict[str, Any]] = {status: {"model": Failure} for status in (413, 422, 500)}


def failure(status: int, msg: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"code": status, "msg": msg, "data": None}, status_code=status, headers=headers)


def install_failures(app: FastAPI) -> None:
    """Errors keep their HTTP status and say what to do. What went wrong inside stays in the log."""

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # Names the fields and the rule they broke; never repeats what was sent.
        faults = [f"{_field(e['loc'])}: {e['msg']}" for e in error.errors()]
        return failure(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(faults))

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        return failure(error.status_code, HTTPStatus(error.status_code).phrase, dict(error.headers or {}))

    @app.exception_handler(Exception)
    def broken(_: Request, __: Exception) -> JSONResponse:
        # Starlette raises it again after this answer, so the server logs it with its traceback.
        return failure(HTTPStatus.INTERNAL_SERVER_ERROR, "The service failed. Its log says why.")


def _field(location: tuple[int | str, ...]) -> str:
    """("body", "text") is the field text; for broken JSON the second part is an offset, not a name."""
    return ".".join(part for part in location[1:] if isinstance(part, str)) or "body"
