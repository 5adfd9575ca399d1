// The person's camera, frame by frame.

const CAMERA_TROUBLE = {
  NotAllowedError: "The browser did not allow the camera. Allow it beside the address, then switch it on again.",
  NotFoundError: "There is no camera on this device.",
  NotReadableError: "Another program holds the camera. Close it, then switch it on again.",
};

class Camera {
  constructor(onTrouble) {
    Object.assign(this, { onTrouble, stream: null, wanted: false });
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.canvas = document.createElement("canvas");
  }

  get running() { return Boolean(this.stream) && this.video.videoWidth > 0; }

  async start() {
    if (this.wanted) return;
    this.wanted = true;
    if (!navigator.mediaDevices?.getUserMedia) {
      this.onTrouble("Browsers lend the camera only to pages over https, or of the same machine.");
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
      if (!this.wanted) {
        stream.getTracks().forEach((track) => track.stop());
        return;
      }
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      this.onTrouble("");
    } catch (error) {
      this.onTrouble(CAMERA_TROUBLE[error.name] ?? `The camera does not start: ${error.message}`);
    }
  }

  // The present frame as a JPEG with this long side.
  grab(side) {
    const { videoWidth, videoHeight } = this.video, scale = Math.min(side / Math.max(videoWidth, videoHeight), 1);
    this.canvas.width = Math.round(videoWidth * scale);
    this.canvas.height = Math.round(videoHeight * scale);
    this.canvas.getContext("2d").drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    return this.canvas.toDataURL("image/jpeg", 0.92);
  }

  stop() {
    this.wanted = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }
}
