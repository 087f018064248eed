/** The sheet: every command with the keys in force. From here they can be changed. */
import { ArrowLeft, Keyboard } from 'lucide-react';
import { useState } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import { COMMANDS, GROUPS } from '../commands/catalogue.ts';
import { useKeyNames } from '../commands/use-commands.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { KeySettings } from './key-settings.tsx';
import styles from './shortcuts-dialog.module.css';

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  const [isChanging, setChanging] = useState(false);
  return (
    <Dialog title={t(isChanging ? 'keys.title' : 'shortcuts.title')} isWide onClose={onClose}>
      <div className={styles['bar']}>
        {isChanging ? (
          <Button look="quiet" icon={<ArrowLeft size={15} />} onClick={() => setChanging(false)}>
            {t('shortcuts.back')}
          </Button>
        ) : (
          <>
            <p className={styles['note']}>{t('shortcuts.note')}</p>
            <Button icon={<Keyboard size={15} />} onClick={() => setChanging(true)}>
              {t('shortcuts.change')}
            </Button>
          </>
        )}
      </div>
      {isChanging ? <KeySettings /> : <Sheet />}
    </Dialog>
  );
}

function Sheet() {
  const { t } = useTexts();
  const { allKeysOf } = useKeyNames();
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const shown = COMMANDS.filter(({ id, group }) => isLead || (id !== 'goBoard' && group !== 'quality'));
  return (
    <div className={styles['groups']} tabIndex={0}>
      {GROUPS.filter((group) => shown.some((command) => command.group === group)).map((group) => (
        <section key={group}>
          <h3 className={styles['title']}>{t(`shortcuts.${group}`)}</h3>
          <dl className={styles['keys']}>
            {shown
              .filter((command) => command.group === group)
              .map(({ id, title }) => (
                <div key={id} className={styles['key']}>
                  <dt>{t(title)}</dt>
                  <dd>
                    {allKeysOf(id).length === 0 && <span>{t('keys.noKey')}</span>}
                    {allKeysOf(id).map((keys, index) => (
                      <span key={keys}>
                        {index > 0 && ` ${t('shortcuts.or')} `}
                        <kbd>{keys}</kbd>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
