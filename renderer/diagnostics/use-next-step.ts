/** What the author of a message does next, as of this second, and the button that does it. */
import type { CommandId } from '../commands/catalogue.ts';
import type { Conversation, Message } from '../../contract/entities.ts';
import { mayAdminister } from '../../contract/rules/rights.ts';
import { judgeNextStep, type NextStep } from '../../contract/whatsapp/next-step.ts';
import { explainError } from '../conversation/failure-text.ts';
import { useServiceWindow } from '../conversation/window-pill.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { isWorkOn } from '../store/session-store.ts';
import { useOpenTemplates } from '../templates/use-open-templates.ts';
import { useCommands, useFrom, useStores } from '../ui/app-context.tsx';

export function useNextStep(message: Message): NextStep {
  const conversation = useFrom('conversation', ({ thread }) => thread?.conversation ?? null);
  const { state: window } = useServiceWindow(conversation?.window.closesAt ?? null);
  const offset = useFrom('session', ({ session }) => session?.clockOffset ?? 0);
  const failedAt = message.timeline.find(({ status }) => status === 'failed')?.at ?? message.sentAt;
  const judge = (now: number): NextStep =>
    judgeNextStep({
      code: message.error?.code ?? null,
      direction: message.direction,
      failedAt,
      now,
      window,
      hasCustomerWritten: (conversation?.lastInboundAt ?? 0) > message.sentAt,
      isConversationClosed: conversation !== null && statusOf(message.conversationId, conversation) === 'closed',
      isTemplate: message.content.kind === 'template',
    });
  const atOnce = judge(failedAt);
  // Only what has a time of its own looks at the clock.
  const isDue = useFrom('clock', ({ now }) => atOnce.until !== null && now + offset >= atOnce.until);
  return isDue && atOnce.until !== null ? judge(atOnce.until) : atOnce;
}

export const statusOf = (id: string, open: Conversation): Conversation['status'] | undefined => (open.id === id ? open.status : open.otherConversations.find((other) => other.id === id)?.status);

/** `hint`: why it cannot be pressed yet. */
export type StepAction = { label: string; hint?: string; /** The key that does the same. */ command?: CommandId; run(): void };

/** Null: there is nothing that a button could do. */
export function useStepAction(message: Message, step: NextStep): StepAction | null {
  const { t } = useTexts();
  const { view, conversation, preferences, toasts } = useStores();
  const commands = useCommands();
  const me = useFrom('session', ({ session }) => session?.me ?? null);
  const isOn = useFrom('session', isWorkOn);
  const openTemplates = useOpenTemplates();
  const copyForAdmin: StepAction = {
    label: t('diagnostics.action.copyForAdmin'),
    run: () => void navigator.clipboard.writeText(describeFailure(message, t)).then(() => toasts.getState().say('action.copied')),
  };
  switch (step.kind) {
    case 'retry':
      return step.canRetry ? { label: t('action.retry'), run: () => void commands.retry(message) } : null;
    case 'template':
      return isOn
        ? { label: t('templatePicker.sendAs'), command: 'template', run: () => openTemplates(message) }
        : { label: t('templatePicker.sendAs'), hint: t('failure.UPDATE_NEEDED'), run: () => undefined };
    case 'reopen':
      return {
        label: t('diagnostics.action.reopen'),
        run: () => {
          const open = conversation.getState().thread?.conversation;
          if (open?.id === message.conversationId) void commands.setStatus(open, 'active');
          else conversation.getState().open(message.conversationId);
        },
      };
    case 'fix_number':
      return {
        label: t('diagnostics.action.fix_number'),
        run: () => {
          view.getState().showStory(null);
          if (matchMedia('(min-width: 1200px)').matches) preferences.getState().set({ isSidePanelOpen: true });
          else view.getState().setPanelOverlay(true);
        },
      };
    case 'reconnect':
      return mayAdminister(me) ? { label: t('diagnostics.action.reconnect'), run: () => view.getState().showTeam('number') } : copyForAdmin;
    case 'billing':
    case 'admin':
      return mayAdminister(me) ? { label: t('diagnostics.action.diagnosis'), run: () => view.getState().showDiagnostics('connection') } : copyForAdmin;
    case 'change_file':
    case 'ask_file':
      return {
        label: t('diagnostics.action.write'),
        run: () => {
          view.getState().showStory(null);
          view.getState().focusComposer();
        },
      };
    case 'wait':
    case 'nothing':
      return null;
  }
}

/** What an admin has to know, and nothing of what was said. */
function describeFailure({ id, error }: Message, t: Parameters<typeof explainError>[1]): string {
  const { what, fix } = explainError(error?.code ?? null, t);
  return [
    `${what} ${fix}`,
    error && `${t('diagnostics.story.code', { code: error.code })}: ${error.title}${error.detail === null ? '' : ` (${error.detail})`}`,
    `${t('diagnostics.story.messageId')}: ${id}`,
  ]
    .filter(Boolean)
    .join('\n');
}
