/** What the team sticks on conversations. */
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Label } from '../../contract/entities.ts';
import { LABEL_COLORS, type LabelColor } from '../../contract/rules/label-colors.ts';
import { mayLead } from '../../contract/rules/rights.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useClient, useFrom } from '../ui/app-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { DialogForm } from '../ui/dialog-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { LabelChip, LabelDot } from '../ui/label-chip.tsx';
import { useAction } from '../ui/use-action.ts';
import { Empty, Part, Row, Rows } from '../ui/part.tsx';
import shared from '../ui/chip.module.css';
import styles from './team.module.css';

export function Labels() {
  const { t } = useTexts();
  const client = useClient();
  const labels = useFrom('team', ({ directory }) => directory?.labels ?? []);
  const mayChange = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [open, setOpen] = useState<{ kind: 'edit'; label: Label | null } | { kind: 'remove'; label: Label } | null>(null);
  const close = () => setOpen(null);
  const remove = async (label: Label): Promise<void> => {
    if (await run(() => client.team.removeLabel({ labelId: label.id }))) close();
  };
  return (
    <Part
      title={t('team.part.labels')}
      text={t('labels.text')}
      action={
        mayChange && (
          <Button look="primary" icon={<Plus size={16} />} onClick={() => setOpen({ kind: 'edit', label: null })}>
            {t('labels.add')}
          </Button>
        )
      }
    >
      {labels.length === 0 ? (
        <Empty>{t('labels.none')}</Empty>
      ) : (
        <Rows label={t('team.part.labels')}>
          {labels.map((label) => (
            <Row key={label.id}>
              <span className={styles['who']}>
                <span>
                  <LabelChip label={label} />
                </span>
              </span>
              <span className={styles['fact']}>{t(`labels.color.${label.color}`)}</span>
              {mayChange && (
                <>
                  <IconButton label={t('labels.edit', { name: label.name })} onClick={() => setOpen({ kind: 'edit', label })}>
                    <Pencil size={16} />
                  </IconButton>
                  <IconButton label={t('labels.remove', { name: label.name })} onClick={() => setOpen({ kind: 'remove', label })}>
                    <Trash2 size={16} />
                  </IconButton>
                </>
              )}
            </Row>
          ))}
        </Rows>
      )}
      {open?.kind === 'edit' && <LabelDialog label={open.label} onClose={close} />}
      {open?.kind === 'remove' && (
        <Confirm title={t('labels.remove', { name: open.label.name })} confirm={t('action.delete')} isBusy={isBusy} failure={failure} onConfirm={() => void remove(open.label)} onClose={close}>
          <p>{t('labels.removeText')}</p>
        </Confirm>
      )}
    </Part>
  );
}

/** Null: a new one. */
function LabelDialog({ label, onClose }: { label: Label | null; onClose(): void }) {
  const { t } = useTexts();
  const client = useClient();
  const { isBusy, failure, run } = useAction({ isQuiet: true });
  const [name, setName] = useState(label?.name ?? '');
  const [color, setColor] = useState<LabelColor>(label?.color ?? 'teal');
  const [isTried, setTried] = useState(false);
  const save = async (): Promise<unknown> => {
    const to = name.trim();
    if (label === null) return client.team.addLabel({ name: to, color });
    const changes = { ...(to !== label.name && { name: { from: label.name, to } }), ...(color !== label.color && { color: { from: label.color, to: color } }) };
    return Object.keys(changes).length === 0 ? null : client.team.changeLabel({ labelId: label.id, ...changes });
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (name.trim() !== '' && (await run(save))) onClose();
  };
  return (
    <Dialog title={label ? t('labels.edit', { name: label.name }) : t('labels.add')} onClose={onClose}>
      <DialogForm isOff={isBusy} failure={failure} onSubmit={() => void submit()} onClose={onClose}>
        <TextField label={t('labels.name')} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} error={isTried && name.trim() === '' ? t('labels.nameMissing') : null} />
        <fieldset className={styles['set']}>
          <legend className={styles['legend']}>{t('labels.colorLegend')}</legend>
          <div className={styles['choices']}>
            {LABEL_COLORS.map((one) => (
              <label key={one} className={shared['chip']}>
                <input type="radio" className="visually-hidden" name="color" checked={one === color} onChange={() => setColor(one)} />
                <LabelDot color={one} />
                {t(`labels.color.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <p>
          <LabelChip label={{ name: name.trim() || t('labels.sample'), color }} />
        </p>
      </DialogForm>
    </Dialog>
  );
}
