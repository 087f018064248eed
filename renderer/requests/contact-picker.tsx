/** Somebody to be chosen by name or number. Vendors who do the service in question come first. */
import { useState, type ReactElement } from 'react';
import type { ContactListRow } from '../../contract/work-entities.ts';
import { PickerMenu, type PickerOption } from '../conversation/picker.tsx';
import { useTexts } from '../i18n/use-texts.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { useFoundContacts } from './use-found-contacts.ts';

type Props = {
  trigger: ReactElement;
  among: 'anybody' | 'vendor';
  label: string;
  /** Of the request: null, it is not known. */
  serviceType?: string | null;
  chosenId: string | null;
  /** Offers to choose nobody, under this name. */
  none?: string;
  align?: 'start' | 'end';
  onPick(contact: ContactListRow | null): void;
};

const NOBODY = '';

/** Vendors without services of their own do anything. */
export const doesService = ({ serviceTypes }: Pick<ContactListRow, 'serviceTypes'>, serviceType: string): boolean =>
  serviceTypes.length === 0 || serviceTypes.some((one) => one.toLocaleLowerCase() === serviceType.trim().toLocaleLowerCase());

export function ContactPicker({ trigger, among, label, serviceType = null, chosenId, none, align = 'start', onPick }: Props) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const { found, isStale } = useFoundContacts({ search, role: among, isOn: isOpen });
  const isGrouped = among === 'vendor' && serviceType !== null && serviceType.trim() !== '';
  const optionOf = (contact: ContactListRow, group?: string): PickerOption => ({
    id: contact.id,
    label: contact.name,
    lead: <Avatar id={contact.id} name={contact.name} size={24} />,
    detail: contact.phone ?? contact.company ?? undefined,
    isChecked: contact.id === chosenId,
    ...(group !== undefined && { group }),
  });
  const rows = found ?? [];
  const options = isGrouped
    ? [
        ...rows.filter((one) => doesService(one, serviceType)).map((one) => optionOf(one, t('requests.move.vendorsFor', { service: serviceType }))),
        ...rows.filter((one) => !doesService(one, serviceType)).map((one) => optionOf(one, t('requests.move.vendorsOther'))),
      ]
    : rows.map((one) => optionOf(one));
  const nobody: PickerOption[] = none !== undefined && search.trim() === '' ? [{ id: NOBODY, label: none, isChecked: chosenId === null, isNone: true }] : [];
  return (
    <PickerMenu
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        setSearch('');
      }}
      align={align}
      label={label}
      placeholder={t(among === 'vendor' ? 'requests.move.vendorSearch' : 'requests.person.search')}
      emptyText={found === null ? '…' : t(among === 'vendor' ? 'requests.move.noVendors' : 'requests.person.noneFound')}
      options={[...nobody, ...options]}
      onSearch={setSearch}
      isStale={isStale}
      onPick={(id) => {
        setOpen(false);
        onPick(rows.find((contact) => contact.id === id) ?? null);
      }}
    />
  );
}
