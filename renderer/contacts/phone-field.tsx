/** A phone number with what it means, as it is typed. */
import { useRef, type Ref } from 'react';
import type { EngineOutputs } from '../rpc/engine-client.ts';
import { TextField } from '../ui/field.tsx';
import { PhoneReading } from '../ui/phone-reading.tsx';

type Props = { ref?: Ref<HTMLInputElement>; label: string; hint: string; value: string; reading: EngineOutputs['conversations']['readPhone'] | null; onChange(text: string): void };

/** @param reading of `usePhoneReading`, for the same text. */
export function PhoneField({ ref, label, hint, value, reading, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box}>
      <TextField {...(ref && { ref })} label={label} inputMode="tel" maxLength={40} value={value} hint={hint} onChange={(event) => onChange(event.target.value)} />
      <PhoneReading
        phone={value}
        reading={reading}
        onType={(text) => {
          onChange(text);
          box.current?.querySelector('input')?.focus();
        }}
      />
    </div>
  );
}
