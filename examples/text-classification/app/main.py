"""POST /classify, GET /healthz, GET /metrics on one port."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field, StringConstraints

from app import metrics
from app.classifier import Classifier
from app.envelope import failures, install_failures
from app.limits import BodyLimit
from app.settings import settings_from_environment

LONGEST_TEXT = 2_000
# UTF-8 takes up to 4 bytes a character, JSON escapes up to 12.
LARGEST_BODY = 12 * LONGEST_TEXT + 1_024


class Sentence(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)] = Field(
        examples=["昨晚的决赛踢到了加时赛。", "The final went to extra time last night."]
    )


class Classification(BaseModel):
    category: str
    confidence: float


class Classified(BaseModel):
    code: int = 200
    msg: str = "success"
    data: Classification


@asynccontextmanager
async def loaded(app: FastAPI) -> AsyncIterator[None]:
    """The model is loaded before the port opens: whoever gets an answer gets it from a service that is ready."""
    settings = settings_from_environment()
    started = time.perf_counter()
    app.state.classifier = Classifier(settings)
    metrics.load_seconds.set(time.perf_counter() - started)
    size = (settings.model_dir / settings.model_file).stat().st_size
    metrics.model.labels(settings.model_file, size).set(1)
    yield


app = FastAPI(title="Text classification", version="1.0.0", lifespan=loaded)
install_failures(app)
app.add_middleware(BodyLimit, limit_bytes=LARGEST_BODY)


@app.middleware("http")
async def counted(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    status = 500
    try:
        response = await answer(request)
        status = response.status_code
        return response
    finally:
        if request.url.path == "/classify":
            metrics.requests.labels(status).inc()


# A plain def: FastAPI runs it in a thread, so the event loop keeps answering probes while the model works.
@app.post("/classify", responses=failures)
def classify(sentence: Sentence, request: Request) -> Classified:
    classifier: Classifier = request.app.state.classifier
    with metrics.in_flight.track_inprogress(), metrics.latency.time():
        answer = classifier.classify(sentence.text)
    metrics.topics.labels(answer.category).inc()
    metrics.confidence.observe(answer.confidence)
    return Classified(data=Classification(category=answer.category, confidence=answer.confidence))


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/metrics", include_in_schema=False)
def exposed_metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
