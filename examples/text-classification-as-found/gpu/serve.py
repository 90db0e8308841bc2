import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field
from transformers import AutoModel, AutoTokenizer

LABELS = ["entertainment", "finance", "health", "sports", "technology", "travel"]

app = FastAPI()
tokenizer = AutoTokenizer.from_pretrained("/models/bert")
encoder = AutoModel.from_pretrained("/models/bert").to("cuda").eval()
head = torch.load("/srv/head.pt", map_location="cuda", weights_only=False)


class Request(BaseModel):
    text: str = Field(min_length=1, max_length=2000)


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.post("/classify")
def classify(request: Request):
    inputs = tokenizer(request.text, return_tensors="pt", truncation=True, max_length=512).to("cuda")
    with torch.no_grad():
        scores = torch.softmax(head(encoder(**inputs).pooler_output), dim=-1)[0]
    best = int(scores.argmax())
    return {
        "code": 200,
        "msg": "success",
        "data": {"category": LABELS[best], "confidence": float(scores[best])},
    }


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=9000)
