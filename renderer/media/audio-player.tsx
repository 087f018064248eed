/** Plays a recording: with the mouse, or with Tab, Space and the arrow keys. What plays is one for the whole window (`playback-store.ts`). */
import { Pause, Play } from 'lucide-react';
import { useEffect, useState, type CSSProperties } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import styles from './audio-player.module.css';

const STEP_MS = 1_000;

/** `known`: its length in ms, where the message says it. `label`: what it is and of whom. */
export function AudioPlayer({ id, url, known, label }: { id: string; url: string; known: number | null; label: string }) {
  const { t, format } = useTexts();
  const { playback } = useStores();
  const isMine = useFrom('playback', (state) => state.id === id);
  const isPlaying = useFrom('playback', (state) => state.id === id && state.isPlaying);
  const at = useFrom('playback', (state) => (state.id === id ? state.at : 0));
  const played = useFrom('playback', (state) => (state.id === id ? state.length : null));
  const hasFailed = useFrom('playback', (state) => state.id === id && state.hasFailed);
  const rate = useFrom('playback', (state) => state.rate);
  const measured = useLength(known === null ? url : null);
  const length = played ?? known ?? measured;

  if (hasFailed) return <p className={styles['failed']}>{t('message.cannotShow')}</p>;
  return (
    <div className={styles['player']} role="group" aria-label={length === null ? label : `${label}, ${format.length(length)}`}>
      <button type="button" className={styles['play']} data-main="" aria-label={t(isPlaying ? 'message.pause' : 'message.play')} onClick={() => playback.getState().toggle(id, url)}>
        {isPlaying ? <Pause size={16} fill="currentColor" strokeWidth={0} /> : <Play size={16} fill="currentColor" strokeWidth={0} />}
      </button>
      <div className={styles['track']}>
        <input
          type="range"
          min={0}
          max={Math.max(STEP_MS, Math.round(length ?? 0))}
          step={STEP_MS / 10}
          value={Math.round(at)}
          style={{ '--done': `${length ? Math.min(100, (at / length) * 100) : 0}%` } as CSSProperties}
          aria-label={t('message.position')}
          aria-valuetext={length === null ? format.length(at) : t('message.positionOf', { at: format.length(at), length: format.length(length) })}
          onChange={(event) => playback.getState().seek(id, url, event.currentTarget.valueAsNumber)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' || event.key === 'ArrowUp' ? 5 : event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? -5 : 0;
            if (step === 0) return;
            event.preventDefault();
            playback.getState().seek(id, url, Math.min(Math.max(0, at + step * STEP_MS), length ?? 0));
          }}
        />
        <span className={styles['time']}>{format.length(isMine && (isPlaying || at > 0) ? at : (length ?? 0))}</span>
      </div>
      <button type="button" className={styles['rate']} aria-label={t('message.rate', { rate: format.decimal(rate, 1) })} onClick={() => playback.getState().nextRate()}>
        {format.decimal(rate, 1)}×
      </button>
    </div>
  );
}

/** Asks the file itself, which costs its first and last bytes. @param url null: not needed. */
function useLength(url: string | null): number | null {
  const [length, setLength] = useState<number | null>(null);
  useEffect(() => {
    if (url === null) return;
    const probe = new Audio();
    const onMetadata = (): void => setLength(Number.isFinite(probe.duration) ? probe.duration * 1000 : null);
    probe.addEventListener('loadedmetadata', onMetadata);
    probe.preload = 'metadata';
    probe.src = url;
    return () => {
      probe.removeEventListener('loadedmetadata', onMetadata);
      // Ends the loading.
      probe.removeAttribute('src');
      probe.load();
    };
  }, [url]);
  return length;
}
