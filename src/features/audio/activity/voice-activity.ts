/** Detector of speech. */
export interface VoiceActivity {
  /**
   * Finds the frames with speech.
   * @param samples [N] 16 kHz, finite
   * @returns [T] 1 = speech, for the frames of `frames.ts`
   * @throws the signal's reason when aborted
   */
  detect(samples: Float32Array, signal?: AbortSignal): Promise<Uint8Array>;
  /** Frees models. */
  close(): void;
}
