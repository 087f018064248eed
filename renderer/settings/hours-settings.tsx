/** When the business is open, and how soon a customer should hear from us. Admins change it; everybody may read it. */
import { Suspense, useEffect, useMemo, useState } from 'react';
import { DEFAULT_BUSINESS_HOURS, type BusinessHours } from '../../contract/rules/business-hours.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import type { WorkspaceSettings } from '../../contract/rules/workspace-settings.ts';
import { createFormats } from '../i18n/format.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Check, TextField } from '../ui/field.tsx';
import { Part } from '../ui/part.tsx';
import { useAction } from '../ui/use-action.ts';
import { Holidays } from './holidays.tsx';
import { readHours, type DraftProblem } from './hours-draft.ts';
import styles from './hours.module.css';
import { Setting } from './setting.tsx';
import { TimeZoneField } from './time-zone-field.tsx';
import { Week } from './week.tsx';

type Target = WorkspaceSettings['responseTarget'];

export function HoursSettings() {
  const { t } = useTexts();
  const settings = useFrom('team', ({ directory }) => directory?.settings ?? null);
  const mayChange = useFrom('session', ({ session }) => mayAdminister(session?.me ?? null));
  return (
    <Part title={t('settings.part.hours')} text={t(mayChange ? 'hours.text' : 'hours.textRead')}>
      <Suspense fallback={null}>{settings && <Form hours={settings.businessHours} target={settings.responseTarget} mayChange={mayChange} />}</Suspense>
    </Part>
  );
}

/** Also the step of a new workspace. */
export function Form({ hours: saved, target: savedTarget, mayChange, onSaved }: { hours: BusinessHours; target: Target; mayChange: boolean; onSaved?(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, run } = useAction();
  /** What is being typed; null: what is set. */
  const [typed, setTyped] = useState<BusinessHours | null>(null);
  const [typedTarget, setTypedTarget] = useState<{ isOn: boolean; minutes: string; warnMinutes: string } | null>(null);
  const [isSaved, setSaved] = useState(false);
  const draft = typed ?? saved;
  const { hours, problems } = useMemo(() => readHours(draft), [draft]);
  const target = typedTarget ?? { isOn: savedTarget.isOn, minutes: String(savedTarget.minutes), warnMinutes: String(savedTarget.warnMinutes) };
  const readTarget = toTarget(target);
  const isChanged = typed !== null || typedTarget !== null;

  const change = (patch: Partial<BusinessHours>): void => {
    setSaved(false);
    setTyped({ ...draft, ...patch });
  };
  const changeTarget = (patch: Partial<typeof target>): void => {
    setSaved(false);
    setTypedTarget({ ...target, ...patch });
  };
  const save = async (): Promise<void> => {
    if (hours === null || readTarget === null) return;
    // A workspace without an answer to this question is asked again, so that what counts is what somebody has looked at.
    const isHoursSaved = await run(() => client.team.setSetting({ from: { key: 'businessHours', value: saved }, to: { key: 'businessHours', value: hours } }));
    if (!isHoursSaved) return;
    setTyped(null);
    if (typedTarget !== null) {
      const isTargetSaved = await run(() => client.team.setSetting({ from: { key: 'responseTarget', value: savedTarget }, to: { key: 'responseTarget', value: readTarget } }));
      if (!isTargetSaved) return;
      setTypedTarget(null);
    }
    setSaved(true);
    onSaved?.();
  };
  const problemOf = (kind: DraftProblem['kind']): boolean => problems.some((problem) => problem.kind === kind);
  return (
    <form
      className={styles['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void save();
      }}
    >
      <fieldset className={styles['set']} disabled={!mayChange}>
        <OpenNow hours={hours} />
        <Setting id="timeZone">
          <TimeZoneField value={draft.timeZone} isWrong={problemOf('zone')} onChange={(timeZone) => change({ timeZone })} />
        </Setting>
        <Setting id="week" isPlain>
          <Week days={draft.days} problems={problems} onChange={(days) => change({ days })} />
        </Setting>
        <Setting id="holidays" isPlain>
          <Holidays holidays={draft.holidays} days={hours?.days ?? DEFAULT_BUSINESS_HOURS.days} problems={problems} mayChange={mayChange} onChange={(holidays) => change({ holidays })} />
        </Setting>
        <Setting id="responseTarget" isPlain>
          <h3 className={styles['title']}>{t('hours.target')}</h3>
          <Check label={t('hours.targetOn')} hint={t('hours.targetHint')} isOn={target.isOn} isDisabled={!mayChange} onChange={(isOn) => changeTarget({ isOn })} />
          <div className={styles['pair']}>
            <TextField
              label={t('hours.targetMinutes')}
              inputMode="numeric"
              value={target.minutes}
              disabled={!target.isOn}
              error={isWhole(target.minutes, 1, 10_080) ? null : t('hours.problem.targetMinutes')}
              onChange={(event) => changeTarget({ minutes: event.target.value })}
            />
            <TextField
              label={t('hours.targetWarn')}
              inputMode="numeric"
              value={target.warnMinutes}
              disabled={!target.isOn}
              error={readTarget !== null || !isWhole(target.minutes, 1, 10_080) ? null : t('hours.problem.warnMinutes', { most: mostWarning(target.minutes) })}
              onChange={(event) => changeTarget({ warnMinutes: event.target.value })}
            />
          </div>
        </Setting>
      </fieldset>
      {mayChange && (
        <div className={styles['actions']}>
          <Button look="primary" submits aria-disabled={isBusy || hours === null || readTarget === null}>
            {t('action.save')}
          </Button>
          {isChanged && (
            <Button
              onClick={() => {
                setTyped(null);
                setTypedTarget(null);
              }}
            >
              {t('hours.discard')}
            </Button>
          )}
          <span role="status" className={styles['quiet']}>
            {isSaved ? t('hours.saved') : hours === null ? t('hours.notYet') : isChanged ? t('hours.unsaved') : ''}
          </span>
        </div>
      )}
    </form>
  );
}

/** Minutes: a warning before the time has begun would be none. */
const mostWarning = (minutes: string): number => Math.min(1_440, Number(minutes) - 1);
const isWhole = (text: string, min: number, max: number): boolean => /^\d{1,6}$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;

function toTarget({ isOn, minutes, warnMinutes }: { isOn: boolean; minutes: string; warnMinutes: string }): Target | null {
  return isWhole(minutes, 1, 10_080) && isWhole(warnMinutes, 0, mostWarning(minutes)) ? { isOn, minutes: Number(minutes), warnMinutes: Number(warnMinutes) } : null;
}

/** What the hours as they are typed mean at this moment. */
function OpenNow({ hours }: { hours: BusinessHours | null }) {
  const { t, language } = useTexts();
  const client = useClient();
  const now = useFrom('clock', toMinute);
  const [shown, setShown] = useState<{ isOpen: boolean; changesAt: number | null } | null>(null);
  const wanted = hours === null ? null : JSON.stringify(hours);
  useEffect(() => {
    if (wanted === null) return;
    let isStale = false;
    client.setup.openNow({ hours: JSON.parse(wanted) as BusinessHours }).then(
      (answer) => {
        if (!isStale) setShown(answer);
      },
      () => undefined,
    );
    return () => {
      isStale = true;
    };
  }, [client, wanted, now]);
  if (hours === null || shown === null) return <p className={styles['now']}>{hours === null ? t('hours.nowUnknown') : ' '}</p>;
  const { isOpen, changesAt } = shown;
  const text = ((): string => {
    if (changesAt === null) return t(isOpen ? 'hours.alwaysOpen' : 'hours.neverOpen');
    // By the clock of the business, wherever this computer is.
    const there = createFormats(language, hours.timeZone);
    const at = there.clock(changesAt);
    if (there.dayNumber(changesAt) === there.dayNumber(now)) return t(isOpen ? 'hours.openUntil' : 'hours.closedUntil', { at });
    return t(isOpen ? 'hours.openUntilDay' : 'hours.closedUntilDay', { at, day: there.dayWithin(changesAt, now) });
  })();
  return (
    <p className={styles['now']} role="status" data-open={isOpen || undefined}>
      {text}
    </p>
  );
}
