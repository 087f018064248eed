import { User } from 'lucide-react';
import { hueOf, initialsOf } from './initials.ts';
import styles from './avatar.module.css';

/** Initials on a colour that stays with the person. Decoration: the name stands beside it. */
export function Avatar({ id, name, size = 36 }: { id: string; name: string; size?: 18 | 24 | 32 | 36 | 56 }) {
  const initials = initialsOf(name);
  return (
    <span className={styles['avatar']} data-hue={hueOf(id)} data-size={size} aria-hidden="true">
      {initials === '' ? <User size={size / 2} /> : initials}
    </span>
  );
}
