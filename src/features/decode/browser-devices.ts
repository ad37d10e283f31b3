import { causeText } from "../../core/cause-text.js";
import { MediaError } from "../../core/errors.js";

/** Devices to open. */
export interface WantedDevices {
  readonly camera: boolean;
  readonly microphone: boolean;
}

/**
 * Opens the camera, the microphone or both. The caller stops the tracks with `closeDevices`.
 *
 * Echo cancellation, noise suppression and gain control are off, because they alter the voice.
 * @throws MediaError "media.denied" if the user or the page's policy refuses
 * @throws MediaError "media.not-found" without such a device
 * @throws MediaError "media.unsupported" outside a secure context
 * @throws MediaError "media.interrupted" if another program holds or takes the device
 */
export async function openDevices({ camera, microphone }: WantedDevices): Promise<MediaStream> {
  const what =
    camera && microphone ? "the camera and the microphone" : camera ? "the camera" : "the microphone";
  if (!("mediaDevices" in navigator)) {
    throw new MediaError(
      "media.unsupported",
      `${what} cannot be opened: this page is not in a secure context, or this is a worker`,
      { hint: "Serve the page over https, or from localhost, and open devices in the page." },
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: camera && { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" },
      audio: microphone && {
        channelCount: { ideal: 1 },
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
      },
    });
  } catch (cause) {
    throw explained(cause, what);
  }
}

/** Switches devices off. */
export function closeDevices(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function explained(cause: unknown, what: string): MediaError {
  switch (cause instanceof DOMException ? cause.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return new MediaError("media.denied", `the use of ${what} was refused`, {
        hint: "Allow it in the browser's settings for this page and in those of the operating system.",
        cause,
      });
    case "NotFoundError":
    case "OverconstrainedError":
      return new MediaError("media.not-found", `${what} cannot be found`, {
        hint: "Connect it, or choose a file instead.",
        cause,
      });
    case "NotReadableError":
    case "AbortError":
      return new MediaError("media.interrupted", `${what} cannot be read: another program may be using it`, {
        hint: "Close the other program and try again.",
        cause,
      });
    default:
      return new MediaError("media.unsupported", `${what} cannot be opened: ${causeText(cause)}`, {
        hint: "Choose a file instead.",
        cause,
      });
  }
}
