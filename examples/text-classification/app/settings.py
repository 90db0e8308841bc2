"""What the environment decides. Everything has a default that is right inside the image."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    model_dir: Path
    # A file of model_dir: another precision of the same model is a change of this name only.
    model_file: str
    # Threads of one answer. Requests already run side by side, so more than one pays only with idle cores.
    model_threads: int


def settings_from_environment() -> Settings:
    return Settings(
        model_dir=Path(os.environ.get("MODEL_DIR", Path(__file__).parents[1] / "model")),
        model_file=os.environ.get("MODEL_FILE", "model.onnx"),
        model_threads=int(os.environ.get("MODEL_THREADS", "1")),
    )
