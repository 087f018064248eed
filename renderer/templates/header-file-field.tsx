/** The file that a template's header shows: chosen, judged and made ready like every file that is sent. */
import { FileText, Image, RotateCcw, TriangleAlert, Video, X } from 'lucide-react';
import { pickFiles } from '../attach/pick-files.ts';
import { fileNote } from '../attach/tray.tsx';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import type { HeaderFile } from '../store/template-form.ts';
import { useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import styles from './header-file-field.module.css';

type HeaderKind = 'image' | 'video' | 'document';
const ICONS = { image: Image, video: Video, document: FileText } as const;

/** `isMissing`: somebody tried to send without it. */
export function HeaderFileField({ formId, mediaKind, file, isMissing }: { formId: string; mediaKind: HeaderKind; file: HeaderFile | null; isMissing: boolean }) {
  const { t, format } = useTexts();
  const { templateForms } = useStores();
  const pick = (): void =>
    pickFiles(mediaKind === 'document' ? 'document' : 'media', ([first]) => {
      if (first) templateForms.getState().takeFile(formId, first, mediaKind);
    });
  const Icon = ICONS[mediaKind];
  const label = t(`templatePicker.form.file.${mediaKind}`);
  const state = file?.status.state;
  const isWrong = state === 'refused' || state === 'failed' || state === 'other_kind';
  const share = file?.status.state === 'uploading' ? file.status.done / Math.max(1, file.status.total) : undefined;
  return (
    <section className={styles['field']} data-slot="header" aria-label={label}>
      <p className={styles['label']}>{label}</p>
      {file === null ? (
        <>
          <Button icon={<Icon size={15} />} onClick={pick}>
            {t(`templatePicker.form.pick.${mediaKind}`)}
          </Button>
          <p className={styles['note']} data-wrong={isMissing || undefined}>
            {t(`templatePicker.form.needs.${mediaKind}`)}
          </p>
        </>
      ) : (
        <div className={styles['row']} data-wrong={isWrong || undefined}>
          <span className={styles['thumbnail']}>
            {isWrong ? <TriangleAlert size={18} aria-hidden="true" /> : file.preview !== null ? <img src={file.preview} alt="" /> : <Icon size={18} aria-hidden="true" />}
          </span>
          <div className={styles['words']}>
            <p className={styles['name']} title={file.filename}>
              <bdi>{file.filename}</bdi>
            </p>
            <p className={styles['note']} role={isWrong ? 'alert' : 'status'}>
              {verdictText(file, mediaKind, t, format)}
            </p>
            {(state === 'preparing' || state === 'uploading') && <progress aria-label={file.filename} {...(share !== undefined && { value: share })} />}
            {isWrong && (
              <Button icon={<Icon size={15} />} onClick={pick}>
                {t('templatePicker.form.anotherFile')}
              </Button>
            )}
          </div>
          {state === 'failed' && (
            <IconButton label={t('templatePicker.form.retryFile', { name: file.filename })} side="top" onClick={() => templateForms.getState().retryFile(formId)}>
              <RotateCcw size={15} />
            </IconButton>
          )}
          <IconButton label={t('templatePicker.form.removeFile', { name: file.filename })} side="top" onClick={() => templateForms.getState().dropFile(formId)}>
            <X size={15} />
          </IconButton>
        </div>
      )}
    </section>
  );
}

function verdictText(file: HeaderFile, mediaKind: HeaderKind, t: Translate, format: Formats): string {
  const { status } = file;
  if (status.state === 'other_kind') return t('templatePicker.form.otherKind', { needs: t(`templatePicker.form.needs.${mediaKind}`), is: t(`templatePicker.form.is.${status.is}`) });
  return fileNote(file, { ...file, status }, t, format);
}
