from fastapi import FastAPI

from app.model import Classifier

app = FastAPI(title="Text classification")
classifier = Classifier()


@app.post("/classify")
async def classify(data: dict):
    try:
        text = data["text"]
        if not text:
            return {"code": 400, "msg": "text must not be empty", "data": None}
        category, confidence = classifier.predict(text)
        return {
            "code": 200,
            "msg": "success",
            "data": {"category": category, "confidence": confidence},
        }
    except Exception as e:
        return {"code": 500, "msg": str(e), "data": None}
