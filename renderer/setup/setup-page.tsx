/** The first steps: in order, each with what is true right now. All of them can be skipped and done again. */
import { Circle, CircleCheck, CircleDashed } from 'lucide-react';
import { useEffect, useState, type ComponentType } from 'react';
import type { SetupStep } from '../../contract/rules/setup-steps.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { Button } from '../ui/button.tsx';
import { Part } from '../ui/part.tsx';
import { PartsPage } from '../ui/parts-page.tsx';
import { findOpenStep, stateOfStep, stepsOf, type SetupFacts } from './setup-steps.ts';
import styles from './setup.module.css';
import { KeysStep } from './steps/keys-step.tsx';
import { MessageStep } from './steps/message-step.tsx';
import { AiStep, HoursStep, NoticesStep, NumberStep, RecoveryStep, RelayStep, RoleStep, TemplatesStep } from './steps/steps.tsx';
import { WebhookStep } from './steps/webhook-step.tsx';
import { useSetupFacts } from './use-open-setup.ts';

const BODIES: Record<SetupStep, ComponentType> = {
  role: RoleStep,
  relay: RelayStep,
  number: NumberStep,
  webhook: WebhookStep,
  message: MessageStep,
  templates: TemplatesStep,
  hours: HoursStep,
  ai: AiStep,
  recovery: RecoveryStep,
  notices: NoticesStep,
  keys: KeysStep,
};
const ICONS = { done: CircleCheck, skipped: CircleDashed, open: Circle } as const;

export function SetupPage() {
  const follow = useFrom('setup', (setup) => setup.follow);
  const facts = useSetupFacts();
  // What comes in while somebody looks is shown at once.
  useEffect(follow, [follow]);
  return facts?.session.me ? <Steps facts={facts} role={facts.session.me.role} /> : null;
}

function Steps({ facts, role }: { facts: SetupFacts; role: 'agent' | 'lead' | 'admin' }) {
  const { t } = useTexts();
  const { preferences, view } = useStores();
  const steps = stepsOf(role);
  // Where to go on; from then on nothing moves by itself, also not when a step comes to be done.
  const [current, setCurrent] = useState<SetupStep>(() => findOpenStep(role, facts) ?? steps[0]!);
  const state = stateOfStep(current, facts);
  const next = steps[steps.indexOf(current) + 1] ?? null;
  const Body = BODIES[current];
  const { setup } = preferences.getState();

  const goOn = (): void => (next === null ? view.getState().goTo('inbox') : setCurrent(next));
  const skip = (): void => {
    preferences.getState().set({ setup: { ...setup, skipped: [...new Set([...facts.preferences.skipped, current])] } });
    goOn();
  };
  return (
    <PartsPage<SetupStep>
      title={t('nav.setup')}
      label={t('setup.steps')}
      parts={steps.map((step) => ({ part: step, label: t(`setup.step.${step}.name`), Icon: ICONS[stateOfStep(step, facts)], state: t(`setup.state.${stateOfStep(step, facts)}`) }))}
      current={current}
      onChoose={(step) => setCurrent(step)}
    >
      <Part title={t(`setup.step.${current}.title`)} text={t(`setup.step.${current}.text`)}>
        <p className={styles['state']} data-state={state} role="status">
          {t(state === 'done' ? `setup.step.${current}.done` : `setup.state.${state}`)}
        </p>
        <Body key={current} />
        <div className={styles['foot']}>
          <Button look={state === 'done' ? 'primary' : 'plain'} onClick={goOn}>
            {t(next === null ? 'setup.toInbox' : 'setup.next')}
          </Button>
          {state === 'open' && <Button onClick={skip}>{t('setup.skip')}</Button>}
          {role === 'admin' && (
            <Button look="quiet" onClick={() => preferences.getState().set({ setup: { ...setup, isDismissed: !facts.preferences.isDismissed } })}>
              {t(facts.preferences.isDismissed ? 'setup.showInRail' : 'setup.dismiss')}
            </Button>
          )}
        </div>
      </Part>
    </PartsPage>
  );
}
