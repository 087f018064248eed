/**
 * A voice note in the place of the box: recorded, listened to, sent. Invariant: what was recorded is lost only when its agent
 * discards it; whoever goes elsewhere meanwhile finds it among the files of the draft.
 */
import { Check, Mic, Pause, SendHorizontal, Trash2, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { VOICE_NOTE_BYTES } from '../../contract/whatsapp/media-types.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { AudioPlayer } from '../media/audio-player.tsx';
import { useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { openMicrophone, startRecorder, VOICE_MAX_MS, type Recorder, type RecordingProblem } from './recorder.ts';
import styles from './voice-recorder.module.css';

type Note = { file: File; durationMs: number; address: string };
type Step = { at: 'asking' } | { at: 'recording'; isPaused: boolean } | { at: 'working' } | { at: 'ready'; note: Note } | { at: 'failed'; problem: RecordingProblem };

type Props = {
  conversationId: string;
  /** It would be all that is sent. */
  isAlone: boolean;
  /** `file`: what was recorded; null: nothing. */
  onEnd(file: File | null): void;
};

export function VoiceRecorder({ conversationId, isAlone, onEnd }: Props) {
  const { t, format } = useTexts();
  const { tray, playback } = useStores();
  const [step, setStep] = useState<Step>({ at: 'asking' });
  const [attempt, setAttempt] = useState(0);
  const [isFull, setFull] = useState(false);
  const recorder = useRef<Recorder | null>(null);
  const note = useRef<Note | null>(null);
  /** Somebody has decided what becomes of it. */
  const isSettled = useRef(false);
  const root = useRef<HTMLDivElement>(null);
  const name = `${t('compose.voice.label')}.ogg`;
  const nameNow = useRef(name);
  useEffect(() => {
    nameNow.current = name;
  }, [name]);

  useEffect(() => root.current?.focus(), [step.at]);

  useEffect(() => {
    let isGone = false;
    void openMicrophone().then((microphone) => {
      if (microphone.status === 'failed') {
        if (!isGone) setStep({ at: 'failed', problem: microphone.problem });
        return;
      }
      if (isGone) {
        for (const track of microphone.stream.getTracks()) track.stop();
        return;
      }
      recorder.current = startRecorder(microphone.stream);
      setStep({ at: 'recording', isPaused: false });
    });
    return () => {
      isGone = true;
      const [running, done] = [recorder.current, note.current];
      recorder.current = null;
      note.current = null;
      if (done) {
        playback.getState().pause();
        URL.revokeObjectURL(done.address);
      }
      if (isSettled.current) return running?.close();
      if (done) tray.getState().addVoiceNote(conversationId, done.file);
      else if (running) void make(running, nameNow.current).then((made) => made && tray.getState().addVoiceNote(conversationId, made.file));
    };
  }, [attempt, conversationId, tray, playback]);

  function end(file: File | null): void {
    isSettled.current = true;
    onEnd(file);
  }

  async function finish(): Promise<Note | null> {
    const running = recorder.current;
    if (!running) return null;
    recorder.current = null;
    setStep({ at: 'working' });
    try {
      const made = await make(running, name);
      if (!made) setStep({ at: 'failed', problem: 'short' });
      return made && { ...made, address: '' };
    } catch {
      setStep({ at: 'failed', problem: 'broken' });
      return null;
    }
  }

  async function listen(): Promise<void> {
    const made = await finish();
    if (!made) return;
    if (isSettled.current || !root.current) {
      // Its agent has gone elsewhere while it was made ready.
      if (!isSettled.current) tray.getState().addVoiceNote(conversationId, made.file);
      return;
    }
    note.current = { ...made, address: URL.createObjectURL(made.file) };
    setStep({ at: 'ready', note: note.current });
  }

  async function send(): Promise<void> {
    const made = step.at === 'ready' ? step.note : await finish();
    if (made) end(made.file);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      end(null);
    } else if (event.key === 'Enter' && event.target === root.current && !event.repeat && (step.at === 'recording' || step.at === 'ready')) {
      event.preventDefault();
      void send();
    }
  }

  const restart = (): void => {
    setFull(false);
    setStep({ at: 'asking' });
    setAttempt((count) => count + 1);
  };
  const isPaused = step.at === 'recording' && step.isPaused;
  return (
    <div ref={root} className={styles['recorder']} role="group" aria-label={t('compose.voice.label')} tabIndex={-1} data-takes-letters onKeyDown={onKeyDown}>
      <IconButton label={t('compose.voice.discard')} keys="Esc" side="top" onClick={() => end(null)}>
        <Trash2 size={16} />
      </IconButton>
      <div className={styles['middle']}>
        {step.at === 'asking' && <p role="status">{t('compose.voice.asking')}</p>}
        {step.at === 'working' && <p role="status">{t('compose.voice.working')}</p>}
        {step.at === 'failed' && (
          <p className={styles['failed']} role="alert">
            <TriangleAlert size={15} aria-hidden="true" />
            {t(`compose.voice.failed.${step.problem}`)}
          </p>
        )}
        {step.at === 'recording' && (
          <Meter
            recorder={recorder}
            isPaused={isPaused}
            onFull={() => {
              setFull(true);
              void listen();
            }}
          />
        )}
        {step.at === 'ready' && (
          <>
            <AudioPlayer id={step.note.address} url={step.note.address} known={step.note.durationMs} label={t('compose.voice.ready')} />
            <p className={styles['note']}>
              {[
                format.bytes(step.note.file.size),
                isFull ? t('compose.voice.full', { limit: format.length(VOICE_MAX_MS) }) : null,
                step.note.file.size > VOICE_NOTE_BYTES ? t('compose.voice.long', { limit: format.bytes(VOICE_NOTE_BYTES) }) : null,
              ]
                .filter((part) => part !== null)
                .join(' · ')}
            </p>
          </>
        )}
      </div>
      {step.at === 'failed' && <Button onClick={restart}>{t('compose.voice.again')}</Button>}
      {step.at === 'recording' && (
        <>
          <IconButton
            label={t(isPaused ? 'compose.voice.resume' : 'compose.voice.pause')}
            side="top"
            onClick={() => {
              if (isPaused) recorder.current?.resume();
              else recorder.current?.pause();
              setStep({ at: 'recording', isPaused: !isPaused });
            }}
          >
            {isPaused ? <Mic size={16} /> : <Pause size={16} />}
          </IconButton>
          <IconButton label={t('compose.voice.listen')} side="top" onClick={() => void listen()}>
            <Check size={16} />
          </IconButton>
        </>
      )}
      {(step.at === 'recording' || step.at === 'ready') && (
        <Button look="primary" icon={<SendHorizontal size={15} />} onClick={() => void send()}>
          {t(isAlone ? 'compose.voice.send' : 'compose.voice.addTo')}
        </Button>
      )}
    </div>
  );
}

/** @returns null: there is nothing in it. @throws when it cannot be converted. */
async function make(recorder: Recorder, name: string): Promise<{ file: File; durationMs: number } | null> {
  const recording = await recorder.finish();
  if (!recording) return null;
  const { prepareRecording } = await import('./prepare-file.ts');
  return prepareRecording(recording, name);
}

/** Time and loudness. Both change with every frame, so they are written past React. */
function Meter({ recorder, isPaused, onFull }: { recorder: { current: Recorder | null }; isPaused: boolean; onFull(): void }) {
  const { t, format } = useTexts();
  const time = useRef<HTMLTimeElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  const full = useRef(onFull);
  useEffect(() => {
    full.current = onFull;
  });
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      const running = recorder.current;
      if (!running) return;
      const length = running.readLength();
      if (time.current) time.current.textContent = format.length(Math.floor(length / 1000) * 1000);
      if (bar.current) bar.current.style.transform = `scaleX(${isPaused ? 0 : running.readLevel()})`;
      if (length >= VOICE_MAX_MS) return full.current();
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [recorder, isPaused, format]);
  return (
    <div className={styles['meter']}>
      <span className={styles['dot']} data-paused={isPaused || undefined} aria-hidden="true" />
      <span className="visually-hidden" role="status">
        {t(isPaused ? 'compose.voice.paused' : 'compose.voice.recording')}
      </span>
      <time ref={time} className="tabular" />
      <span className={styles['level']} role="img" aria-label={t('compose.voice.level')}>
        <span ref={bar} />
      </span>
    </div>
  );
}
