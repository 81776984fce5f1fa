"""Which modules are dear to import and say nothing of an API?

All compute: none of them registers routes or changes FastAPI or Pydantic. That is what a name needs to be in
this list; what is not in it is loaded as it is.
"""

from __future__ import annotations

HEAVY = frozenset(
    {
        # arrays, tables, geometry, statistics
        "numpy", "scipy", "pandas", "polars", "pyarrow", "dask", "xarray", "numba", "sympy", "networkx",
        "statsmodels", "shapely", "geopandas", "rasterio", "pyproj", "trimesh", "open3d", "igraph", "duckdb",
        "h5py", "zarr", "tables", "numexpr", "joblib",
        # learning
        "torch", "torchvision", "torchaudio", "torch_geometric", "pytorch_lightning", "lightning", "timm",
        "tensorflow", "tf_keras", "keras", "jax", "jaxlib", "flax", "optax", "haiku", "sklearn", "xgboost",
        "lightgbm", "catboost", "onnx", "onnxruntime", "openvino", "tensorrt", "mxnet", "paddle",
        "ultralytics", "detectron2", "mmcv", "safetensors", "faiss", "hnswlib", "annoy", "umap", "hdbscan",
        "optuna", "gym", "gymnasium", "stable_baselines3", "shap", "mlflow", "wandb", "ray", "triton",
        "bitsandbytes", "peft", "accelerate", "deepspeed", "vllm", "llama_cpp", "ctranslate2",
        # text
        "transformers", "sentence_transformers", "tokenizers", "diffusers", "datasets", "huggingface_hub",
        "spacy", "nltk", "gensim", "stanza", "sentencepiece", "tiktoken", "fasttext",
        # pictures, sound, video
        "cv2", "PIL", "skimage", "imageio", "matplotlib", "seaborn", "plotly", "bokeh", "altair", "librosa",
        "soundfile", "sounddevice", "torchcodec", "av", "whisper", "faster_whisper", "silero_vad",
        "pocketsphinx", "pyannote", "easyocr", "pytesseract", "insightface", "mediapipe", "decord", "moviepy",
        # hosts of models
        "modal",
    }
)  # fmt: skip
