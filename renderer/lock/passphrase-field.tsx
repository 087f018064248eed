import type { ComponentProps } from 'react';
import { TextField } from '../ui/field.tsx';

/** The browser is to keep none of it: neither by its own list of passwords nor by checking its spelling. */
export const PassphraseField = (props: ComponentProps<typeof TextField>) => <TextField type="password" autoComplete="off" autoCapitalize="off" autoCorrect="off" spellCheck={false} {...props} />;
