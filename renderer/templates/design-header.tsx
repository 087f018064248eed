/** What stands above the message: nothing, a line, a file of which Meta wants to see a sample, or a place. */
import { FileUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TEMPLATE_MAX } from '../../contract/limits.ts';
import type { TemplateHeader } from '../../contract/whatsapp/template-definition.ts';
import { placeholdersOf } from '../../contract/whatsapp/template-words.ts';
import { pickFiles } from '../attach/pick-files.ts';
import { prepareFile } from '../attach/prepare-file.ts';
import { uploadFile } from '../attach/upload-file.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import type { DesignDraft } from '../store/designs-store.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import type { DesignPartProps } from './designer.tsx';
import { IssueNotes, MarkedField } from './marked-field.tsx';
import styles from './designer.module.css';

const FORMATS = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'] as const;
type MediaFormat = Exclude<TemplateHeader['format'], 'TEXT' | 'LOCATION'>;
/** What Meta takes as a sample (Graph API, "Resumable Upload API"). */
const SAMPLE_TYPES: Record<MediaFormat, readonly string[]> = { IMAGE: ['image/jpeg', 'image/png'], VIDEO: ['video/mp4'], GIF: ['video/mp4'], DOCUMENT: ['application/pdf'] };

export function DesignHeader({ design, onChange, issuesOf, refusalOf, draft, onPicture }: DesignPartProps & { draft: DesignDraft; onPicture(url: string | null): void }) {
  const { t } = useTexts();
  const { designs } = useStores();
  const { header } = design;
  const choose = (format: TemplateHeader['format'] | null): void => {
    if (format === (header?.format ?? null)) return;
    onPicture(null);
    designs.getState().change(draft.id, { headerFile: null });
    onChange({ header: format === null ? null : format === 'TEXT' ? { format, text: '', sample: null } : format === 'LOCATION' ? { format } : { format, sample: null } });
  };
  return (
    <section className={styles['part']} aria-label={t('templates.part.header')}>
      <fieldset className={styles['set']}>
        <legend>{t('templates.header')}</legend>
        <div className={styles['segments']}>
          {[null, ...FORMATS, ...(header?.format === 'GIF' ? (['GIF'] as const) : [])].map((format) => (
            <label key={format ?? 'none'}>
              <input
                type="radio"
                name="header"
                className="visually-hidden"
                data-field={format === (header?.format ?? null) ? 'header' : undefined}
                checked={format === (header?.format ?? null)}
                onChange={() => choose(format)}
              />
              {format === null ? t('templates.noHeader') : t(`templates.format.${format}`)}
            </label>
          ))}
        </div>
      </fieldset>
      {header?.format === 'TEXT' && (
        <>
          <MarkedField
            label={t('templates.headerText')}
            field="header.text"
            hint={t('templates.headerTextHint', { variable: design.parameterFormat === 'NAMED' ? '{{titulo}}' : '{{1}}' })}
            max={TEMPLATE_MAX.header}
            value={header.text}
            issues={issuesOf('header.text')}
            refusal={refusalOf('header.text') ?? refusalOf('header')}
            onChange={(text) => onChange({ header: { ...header, text } })}
          />
          {placeholdersOf(header.text).length > 0 && (
            <MarkedField
              label={t('templates.headerSample', { variable: `{{${placeholdersOf(header.text)[0]}}}` })}
              field="header.sample"
              isPlain
              value={header.sample ?? ''}
              issues={issuesOf('header.sample')}
              refusal={refusalOf('header.sample')}
              onChange={(sample) => onChange({ header: { ...header, sample } })}
            />
          )}
        </>
      )}
      {header?.format === 'LOCATION' && <p className={styles['hint']}>{t('templates.locationHint')}</p>}
      {header !== null && header.format !== 'TEXT' && header.format !== 'LOCATION' && (
        <SampleFile
          key={header.format}
          format={header.format}
          filename={draft.headerFile}
          onSample={(handle, filename, url) => {
            onPicture(url);
            designs.getState().change(draft.id, { design: { ...draft.design, header: { format: header.format, sample: handle } }, headerFile: filename });
          }}
        />
      )}
      {header !== null && header.format !== 'TEXT' && <IssueNotes issues={issuesOf('header.sample')} refusal={refusalOf('header.sample') ?? refusalOf('header')} />}
    </section>
  );
}

type Progress = { kind: 'idle' } | { kind: 'busy'; share: number } | { kind: 'failed'; text: string };

/** A file that Meta is shown as an example; the engine passes it on, and its handle is the sample. */
function SampleFile({ format, filename, onSample }: { format: MediaFormat; filename: string | null; onSample(handle: string, filename: string, pictureUrl: string | null): void }) {
  const { t, format: formats } = useTexts();
  const client = useClient();
  const [progress, setProgress] = useState<Progress>({ kind: 'idle' });
  const abort = useRef<AbortController>(undefined);
  // Its answer may come late: then it belongs to the design as it is by then.
  const latest = useRef(onSample);
  useEffect(() => {
    latest.current = onSample;
  });
  useEffect(() => () => abort.current?.abort(), []);

  const take = async (file: File): Promise<void> => {
    const controller = new AbortController();
    abort.current?.abort();
    abort.current = controller;
    const isOver = (): boolean => controller.signal.aborted;
    setProgress({ kind: 'busy', share: 0 });
    try {
      const prepared = await prepareFile(file, null);
      if (prepared.status !== 'ready' || !SAMPLE_TYPES[format].includes(prepared.mimeType)) {
        if (!isOver()) setProgress({ kind: 'failed', text: t(`templates.sampleWrong.${format}`) });
        return;
      }
      const { blob, filename: name, width, height, durationMs } = prepared;
      const { sha256 } = await uploadFile({
        client,
        blob,
        filename: name,
        width,
        height,
        durationMs,
        signal: controller.signal,
        onProgress: (done) => setProgress({ kind: 'busy', share: done / blob.size }),
      });
      const result = await client.templates.uploadSample({ sha256 });
      if (isOver()) return;
      if (result.status === 'failed') return setProgress({ kind: 'failed', text: t('templates.sampleRefused', { detail: result.detail }) });
      setProgress({ kind: 'idle' });
      latest.current(result.handle, name, prepared.kind === 'image' ? URL.createObjectURL(blob) : null);
    } catch (error) {
      if (!isOver()) setProgress({ kind: 'failed', text: t(`failure.${failureCodeOf(error)}`) });
    }
  };
  return (
    <div className={styles['sample']}>
      <Button
        icon={<FileUp size={14} />}
        data-field="header.sample"
        aria-disabled={progress.kind === 'busy'}
        onClick={() => progress.kind !== 'busy' && pickFiles(format === 'DOCUMENT' ? 'document' : 'media', ([file]) => file && void take(file))}
      >
        {t(filename === null ? 'templates.chooseSample' : 'templates.changeSample')}
      </Button>
      <span role="status">
        {progress.kind === 'busy' ? (
          t('templates.samplePassing', { percent: formats.number(Math.round(progress.share * 100)) })
        ) : progress.kind === 'idle' && filename !== null ? (
          <bdi>{filename}</bdi>
        ) : null}
      </span>
      {progress.kind === 'failed' && (
        <p className={styles['failed']} role="alert">
          {progress.text}
        </p>
      )}
      <p className={styles['hint']}>{t(`templates.sampleHint.${format}`)}</p>
    </div>
  );
}
