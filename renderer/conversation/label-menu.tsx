import { Tag } from 'lucide-react';
import type { Conversation } from '../../contract/entities.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { useCommands, useFrom } from '../ui/app-context.tsx';
import { MenuButton } from '../ui/button.tsx';
import { LabelDot } from '../ui/label-chip.tsx';
import { PickerMenu } from './picker.tsx';

type Props = { conversation: Conversation; isOpen: boolean; onOpenChange(isOpen: boolean): void };

/** Stays open: several labels are often put on at once. */
export function LabelMenu({ conversation, isOpen, onOpenChange }: Props) {
  const { t } = useTexts();
  const { setLabel } = useCommands();
  const labels = useFrom('team', (state) => state.directory?.labels);
  const isOn = (id: string): boolean => conversation.labels.some((label) => label.id === id);
  return (
    <PickerMenu
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <MenuButton label={t('triage.labels')} command="labels">
          <Tag size={16} />
        </MenuButton>
      }
      options={(labels ?? []).map((label) => ({ id: label.id, label: label.name, lead: <LabelDot color={label.color} />, isChecked: isOn(label.id) }))}
      label={t('triage.labels')}
      placeholder={t('triage.searchLabels')}
      emptyText={t(labels?.length ? 'triage.noLabelMatch' : 'triage.noLabels')}
      onPick={(id) => {
        const label = labels?.find((candidate) => candidate.id === id);
        if (label) void setLabel(conversation, label, !isOn(id));
      }}
    />
  );
}
