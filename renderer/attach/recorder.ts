/**
 * Records one voice, with one channel. Invariant: the microphone is on only between `openMicrophone` and `close`, and the recording
 * holds OPUS with one channel, which can be put into an ogg without loss.
 */

/** Longer ones nobody listens to; at this quality far below the 16 MB that WhatsApp takes. */
export const VOICE_MAX_MS = 15 * 60_000;
/** Speech is clear with this; half a megabyte, up to which phones show a play button, holds some three minutes. */
const BITS_PER_SECOND = 24_000;
/** Less is a button that was pressed by mistake. */
const SHORTEST_MS = 300;
const FORMAT = 'audio/webm;codecs=opus';

export type RecordingProblem = 'denied' | 'none' | 'busy' | 'broken' | 'short';
export type Microphone = { status: 'open'; stream: MediaStream } | { status: 'failed'; problem: RecordingProblem };

export async function openMicrophone(): Promise<Microphone> {
  try {
    const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return { status: 'open', stream: await navigator.mediaDevices.getUserMedia({ audio }) };
  } catch (error) {
    return { status: 'failed', problem: problemOf(error) };
  }
}

function problemOf(error: unknown): RecordingProblem {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'none';
  }
}

export type Recorder = {
  /** 0 to 1. */
  readLevel(): number;
  /** Ms recorded so far, without pauses. */
  readLength(): number;
  pause(): void;
  resume(): void;
  /** Ends it and turns the microphone off. Null: there is nothing in it. */
  finish(): Promise<Blob | null>;
  /** Throws it away and turns the microphone off. */
  close(): void;
};

export function startRecorder(stream: MediaStream, now: () => number = () => performance.now()): Recorder {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  // Whatever the microphone has, one channel goes into the recording.
  const mono = new MediaStreamAudioDestinationNode(context, { channelCount: 1, channelCountMode: 'explicit' });
  source.connect(analyser);
  source.connect(mono);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const recorder = new MediaRecorder(mono.stream, { mimeType: FORMAT, audioBitsPerSecond: BITS_PER_SECOND });
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
  let recorded = 0;
  let since: number | null = now();
  recorder.start(1_000);

  const readLength = (): number => recorded + (since === null ? 0 : now() - since);
  const hold = (): void => {
    recorded = readLength();
    since = null;
  };
  const turnOff = (): void => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== 'closed') void context.close();
  };

  return {
    readLength,
    readLevel: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // 60 dB, as ears hear them.
      return Math.max(0, Math.min(1, 1 + Math.log10(Math.max(power, 1e-9)) / 6));
    },
    pause: () => {
      if (recorder.state !== 'recording') return;
      recorder.pause();
      hold();
    },
    resume: () => {
      if (recorder.state !== 'paused') return;
      recorder.resume();
      since = now();
    },
    finish: async () => {
      hold();
      if (recorder.state !== 'inactive') {
        const isOver = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
        recorder.stop();
        await isOver;
      }
      turnOff();
      return recorded < SHORTEST_MS ? null : new Blob(pieces, { type: FORMAT });
    },
    close: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      turnOff();
    },
  };
}
