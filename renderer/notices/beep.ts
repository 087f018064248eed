/** Two soft tones. Browsers let a page sound only after the agent has touched it: until then it stays silent. */
const TONES = [
  { hertz: 660, from: 0, to: 0.12 },
  { hertz: 880, from: 0.11, to: 0.3 },
] as const;
const LOUDNESS = 0.08;

export function createBeep(): { play(): void; close(): void } {
  let context: AudioContext | null = null;
  return {
    play: () => {
      if (!('AudioContext' in window) || !navigator.userActivation?.hasBeenActive) return;
      context ??= new AudioContext();
      const start = context.currentTime + 0.02;
      for (const { hertz, from, to } of TONES) {
        const oscillator = context.createOscillator();
        const gain = context.createGain();
        oscillator.frequency.value = hertz;
        gain.gain.setValueAtTime(0, start + from);
        gain.gain.linearRampToValueAtTime(LOUDNESS, start + from + 0.02);
        gain.gain.exponentialRampToValueAtTime(0.001, start + to);
        oscillator.connect(gain).connect(context.destination);
        oscillator.start(start + from);
        oscillator.stop(start + to);
      }
    },
    close: () => void context?.close(),
  };
}
