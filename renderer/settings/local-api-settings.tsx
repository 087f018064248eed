import { Copy } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import type { LocalApiState } from '../../contract/local-api.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { failureCodeOf } from '../store/failure.ts';
import { useClient, useStores } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './local-api-settings.module.css';

/** Whether other programs on this computer may use the inbox, where, and with which token. */
export function LocalApiSettings() {
  const { t } = useTexts();
  const client = useClient();
  const { run, isBusy } = useAction();
  const [api, setApi] = useState<LocalApiState | null>(null);
  const { toasts } = useStores();
  useEffect(() => {
    client.localApi.get().then(setApi, (error: unknown) => toasts.getState().fail(failureCodeOf(error)));
  }, [client, toasts]);
  const change = (wanted: { isOn?: boolean; port?: number }): void => void run(async () => setApi(await client.localApi.set(wanted)));
  return (
    <div className={styles['part']}>
      <Check
        label={t('localApi.isOn')}
        hint={t(api?.isFixed ? 'localApi.fixed' : 'localApi.isOnHint')}
        isOn={api?.isOn ?? false}
        isDisabled={api === null || api.isFixed || isBusy}
        onChange={(isOn) => change({ isOn })}
      />
      {api?.isOn && (
        <div className={styles['inner']}>
          <Address api={api} onRetry={() => change({ isOn: true })} />
          {!api.isFixed && <Port key={api.port} port={api.port} isBusy={isBusy} onChange={(port) => change({ port })} />}
          <Token isFixed={api.isTokenFixed} />
        </div>
      )}
    </div>
  );
}

function Address({ api: { url, problem, port }, onRetry }: { api: LocalApiState; onRetry(): void }) {
  const { t } = useTexts();
  const copy = useCopy();
  if (url === null)
    return (
      <div className={styles['line']}>
        <p className={styles['problem']} role="alert">
          {t(`localApi.problem.${problem ?? 'failed'}`, { port })}
        </p>
        <Button onClick={onRetry}>{t('localApi.retry')}</Button>
      </div>
    );
  return (
    <div className={styles['line']}>
      <span className={styles['name']}>{t('localApi.address')}</span>
      <code className={styles['value']}>{url}/api</code>
      <IconButton label={t('localApi.copyAddress')} side="top" onClick={() => copy(`${url}/api`)}>
        <Copy size={15} />
      </IconButton>
      <a className={styles['link']} href={`${url}/api/docs`} target="_blank" rel="noreferrer">
        {t('localApi.docs')}
      </a>
    </div>
  );
}

/** 0, any free one, is an empty field. */
function Port({ port, isBusy, onChange }: { port: number; isBusy: boolean; onChange(port: number): void }) {
  const { t } = useTexts();
  const [text, setText] = useState(port === 0 ? '' : String(port));
  const [isWrong, setWrong] = useState(false);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = text.trim() === '' ? 0 : Number(text);
    const isRight = wanted === 0 || (Number.isInteger(wanted) && wanted >= 1024 && wanted <= 65_535);
    setWrong(!isRight);
    if (isRight && wanted !== port) onChange(wanted);
  };
  return (
    <form className={styles['port']} onSubmit={save} noValidate>
      <TextField
        label={t('localApi.port')}
        hint={t('localApi.portHint')}
        error={isWrong ? t('localApi.portWrong') : null}
        inputMode="numeric"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(false);
        }}
      />
      <Button submits disabled={isBusy || text === (port === 0 ? '' : String(port))}>
        {t('action.save')}
      </Button>
    </form>
  );
}

/** It comes from the engine only when somebody wants to see or copy it. */
function Token({ isFixed }: { isFixed: boolean }) {
  const { t } = useTexts();
  const client = useClient();
  const { toasts } = useStores();
  const copy = useCopy();
  const { run, isBusy } = useAction();
  const [shown, setShown] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const show = (): void => void run(async () => setShown((await client.localApi.showToken()).token));
  const rotate = async (): Promise<void> => {
    const isDone = await run(async () => {
      const { token } = await client.localApi.rotateToken();
      if (shown !== null) setShown(token);
    });
    setAsking(false);
    if (isDone) toasts.getState().say('localApi.rotated');
  };
  return (
    <div className={styles['token']}>
      <div className={styles['line']}>
        <span className={styles['name']}>{t('localApi.token')}</span>
        <code className={styles['value']}>{shown ?? '••••••••••••••••'}</code>
        <IconButton label={t('localApi.copyToken')} side="top" onClick={() => void run(async () => copy((await client.localApi.showToken()).token))}>
          <Copy size={15} />
        </IconButton>
        {shown === null ? <Button onClick={show}>{t('localApi.show')}</Button> : <Button onClick={() => setShown(null)}>{t('localApi.hide')}</Button>}
        {!isFixed && !isAsking && <Button onClick={() => setAsking(true)}>{t('localApi.rotate')}</Button>}
      </div>
      {isAsking ? (
        <div className={styles['line']} role="alert">
          <span className={styles['ask']}>{t('localApi.rotateAsk')}</span>
          <Button onClick={() => setAsking(false)}>{t('action.cancel')}</Button>
          <Button look="danger" disabled={isBusy} onClick={() => void rotate()}>
            {t('localApi.rotateDo')}
          </Button>
        </div>
      ) : (
        <p className={styles['hint']}>{t(isFixed ? 'localApi.tokenFixed' : 'localApi.tokenHint')}</p>
      )}
    </div>
  );
}

function useCopy(): (text: string) => void {
  const { toasts } = useStores();
  return (text) => void navigator.clipboard.writeText(text).then(() => toasts.getState().say('action.copied'));
}
