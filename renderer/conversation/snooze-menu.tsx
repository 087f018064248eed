/** Out of sight until a time; an own moment is chosen in a dialog. */
import { AlarmClock, Bell, CalendarClock } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Conversation } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { toMinute } from '../store/clock-store.ts';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { MenuButton } from '../ui/button.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { PickerMenu, type PickerOption } from './picker.tsx';
import { fromLocalInput, snoozeTimes, toLocalInput } from './snooze-times.ts';

type Props = { conversation: Conversation; isOpen: boolean; onOpenChange(isOpen: boolean): void };

const CUSTOM = 'custom';
const BACK = 'back';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Times are chosen on this computer's clock; the team counts in the relay's. To the minute, which is how they are shown. */
function useRelayTime(): (at: number) => number {
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  return (at) => Math.round((at + offset) / MINUTE_MS) * MINUTE_MS;
}

export function SnoozeMenu({ conversation, isOpen, onOpenChange }: Props) {
  const { t, format } = useTexts();
  const { snooze } = useCommands();
  const toRelayTime = useRelayTime();
  const now = useFrom('clock', toMinute);
  const [isChoosing, setChoosing] = useState(false);
  const reason = conversation.status === 'active' ? null : t('triage.notActiveReason');
  const isSnoozed = conversation.snoozedUntil !== null;
  const times = isOpen ? snoozeTimes(now) : [];
  const options: PickerOption[] = [
    ...(isSnoozed ? [{ id: BACK, label: t('triage.bringBack'), lead: <Bell size={15} aria-hidden="true" /> }] : []),
    ...times.map(({ key, at }) => ({ id: key, label: t(`triage.${key}`), lead: <AlarmClock size={15} aria-hidden="true" />, detail: format.short(at), reason })),
    { id: CUSTOM, label: t('triage.custom'), lead: <CalendarClock size={15} aria-hidden="true" />, reason },
  ];

  function pick(id: string): void {
    onOpenChange(false);
    const at = times.find((time) => time.key === id)?.at;
    if (id === CUSTOM) setChoosing(true);
    else if (id === BACK) void snooze(conversation, null, '');
    else if (at !== undefined) void snooze(conversation, toRelayTime(at), format.short(at));
  }

  return (
    <>
      <PickerMenu
        isOpen={isOpen}
        onOpenChange={onOpenChange}
        trigger={
          <MenuButton label={t('triage.snooze')} command="snooze" isOn={isSnoozed}>
            <AlarmClock size={17} />
          </MenuButton>
        }
        options={options}
        label={t('triage.snooze')}
        emptyText=""
        onPick={pick}
      />
      {isChoosing && (
        <CustomSnooze
          onClose={() => setChoosing(false)}
          onChoose={(at) => {
            setChoosing(false);
            void snooze(conversation, toRelayTime(at), format.short(at));
          }}
        />
      )}
    </>
  );
}

function CustomSnooze({ onClose, onChoose }: { onClose(): void; onChoose(at: number): void }) {
  const { t } = useTexts();
  const [value, setValue] = useState(() => toLocalInput(Date.now() + HOUR_MS));
  const [isWrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useFocusOnMount(field);

  function choose(): void {
    const at = fromLocalInput(value);
    if (at === null || at <= Date.now()) setWrong(true);
    else onChoose(at);
  }
  return (
    <Dialog title={t('triage.customTitle')} onClose={onClose}>
      <DialogForm confirm={t('triage.customSave')} isOff={false} failure={null} onSubmit={choose} onClose={onClose}>
        <TextField
          ref={field}
          type="datetime-local"
          label={t('triage.customLabel')}
          value={value}
          error={isWrong ? t('triage.customPast') : null}
          onChange={(event) => {
            setValue(event.target.value);
            setWrong(false);
          }}
        />
      </DialogForm>
    </Dialog>
  );
}
