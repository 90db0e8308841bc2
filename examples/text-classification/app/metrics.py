"""What Prometheus is told. One process, so the default registry is enough."""

from prometheus_client import Counter, Gauge, Histogram

requests = Counter("inference_requests_total", "Requests to /classify by HTTP status", ["status"])
latency = Histogram(
    "inference_latency_seconds",
    "Time from text to answer, without the network",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
in_flight = Gauge("inference_in_flight", "Texts being classified now")
# These two show drift: a new mix of topics, or answers that grow less sure.
topics = Counter("prediction_class_total", "Answers by topic", ["topic"])
confidence = Histogram("prediction_confidence", "How sure the answers were", buckets=tuple(n / 10 for n in range(1, 11)))
load_seconds = Gauge("model_load_seconds", "Time it took to load model and tokenizer")
model = Gauge("model_info", "Which model answers; always 1", ["file", "bytes"])
