/** For admins: what a request's events do with their templates, and the kinds of service that forms offer. */
import { Plus, Trash2 } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { NAME_MAX } from '../../contract/limits.ts';
import { EVENT_KINDS, EVENT_MODES, EVENT_TEMPLATES, type EventKind, type EventMode } from '../../contract/requests/request-rules.ts';
import type { WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import { useAction } from '../ui/use-action.ts';
import styles from './request-settings.module.css';
import team from './team.module.css';

/** `workspaceSettingsSchema.serviceTypes`. */
const SERVICES_MAX = 100;

export function RequestSettings() {
  const { t } = useTexts();
  const settings = useFrom('team', ({ directory }) => directory?.settings ?? null);
  return (
    settings && (
      <Part title={t('requests.settings.title')} text={t('requests.settings.text')}>
        <Events settings={settings} />
        <Services settings={settings} />
      </Part>
    )
  );
}

function Events({ settings: { requestEvents } }: { settings: WorkspaceSettings }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  const choose = (kind: EventKind, mode: EventMode): void =>
    void run(() => client.team.setSetting({ from: { key: 'requestEvents', value: requestEvents }, to: { key: 'requestEvents', value: { ...requestEvents, [kind]: mode } } }));
  return (
    <section className={styles['section']} aria-label={t('requests.settings.events')}>
      <h3 className={styles['title']}>{t('requests.settings.events')}</h3>
      <p className={styles['text']}>{t('requests.settings.eventsText')}</p>
      <dl className={styles['modes']}>
        {EVENT_MODES.map((mode) => (
          <div key={mode}>
            <dt>{t(`requests.settings.mode.${mode}`)}</dt>
            <dd>{t(`requests.settings.modeHint.${mode}`)}</dd>
          </div>
        ))}
      </dl>
      <ul className={styles['events']}>
        {EVENT_KINDS.map((kind) => (
          <li key={kind}>
            <fieldset className={styles['event']} disabled={isBusy}>
              <legend className={styles['kind']}>{t(`requests.event.${kind}`)}</legend>
              <p className={styles['when']}>
                {t(`requests.eventWhen.${kind}`)} <code>{EVENT_TEMPLATES[kind].template}</code>
              </p>
              <div className={team['choices']}>
                {EVENT_MODES.map((mode) => (
                  <label key={mode} className={team['choice']}>
                    <input type="radio" className="visually-hidden" name={kind} checked={requestEvents[kind] === mode} onChange={() => choose(kind, mode)} />
                    {t(`requests.settings.mode.${mode}`)}
                  </label>
                ))}
              </div>
            </fieldset>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Services({ settings: { serviceTypes } }: { settings: WorkspaceSettings }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const isTaken = serviceTypes.some((name) => name.toLocaleLowerCase() === wanted.toLocaleLowerCase());
  const isOff = isBusy || wanted === '' || isTaken || serviceTypes.length >= SERVICES_MAX;
  const set = (value: string[]): Promise<boolean> => run(() => client.team.setSetting({ from: { key: 'serviceTypes', value: serviceTypes }, to: { key: 'serviceTypes', value } }));
  const add = async (): Promise<void> => {
    if (!isOff && (await set([...serviceTypes, wanted].toSorted((a, b) => a.localeCompare(b))))) setTyped('');
  };
  return (
    <section className={styles['section']} aria-label={t('requests.settings.services')}>
      <h3 className={styles['title']}>{t('requests.settings.services')}</h3>
      <p className={styles['text']}>{t('requests.settings.servicesText')}</p>
      <form
        className={styles['add']}
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField
          label={t('requests.settings.service')}
          dir="auto"
          maxLength={NAME_MAX}
          value={typed}
          error={wanted !== '' && isTaken ? t('requests.settings.serviceTaken') : null}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button submits icon={<Plus size={15} />} aria-disabled={isOff}>
          {t('requests.settings.addService')}
        </Button>
      </form>
      {serviceTypes.length === 0 ? (
        <Empty>{t('requests.settings.noServices')}</Empty>
      ) : (
        <Rows label={t('requests.settings.services')}>
          {serviceTypes.map((name) => (
            <Row key={name}>
              <bdi className={styles['service']}>{name}</bdi>
              <IconButton label={t('requests.settings.removeService', { name })} aria-disabled={isBusy} onClick={() => void set(serviceTypes.filter((one) => one !== name))}>
                <Trash2 size={16} />
              </IconButton>
            </Row>
          ))}
        </Rows>
      )}
    </section>
  );
}
