/**
 * Audio as WhatsApp plays it as a voice note: OPUS with one channel in an ogg. What is OPUS with one channel already, as this window
 * records it, is only put into the other container, without loss.
 */

/** @throws when it holds no audio that this browser can read. `durationMs` as it lies in the file. */
export async function toVoiceNote(recording: Blob): Promise<{ blob: Blob; durationMs: number }> {
  const { ALL_FORMATS, BlobSource, BufferTarget, Conversion, Input, OggOutputFormat, Output } = await import('mediabunny');
  const input = new Input({ source: new BlobSource(recording), formats: ALL_FORMATS });
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const conversion = await Conversion.init({ input, output, video: { discard: true }, audio: { codec: 'opus', numberOfChannels: 1 } });
  if (!conversion.isValid) throw new Error('the file has no audio that can be converted');
  await conversion.execute();
  if (!target.buffer) throw new Error('the conversion gave nothing');
  return { blob: new Blob([target.buffer], { type: 'audio/ogg' }), durationMs: Math.round((await input.computeDuration()) * 1000) };
}
