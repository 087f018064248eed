/** Opens the choice of an emoji beside the box that it goes into. */
import { Smile } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../i18n/use-texts.tsx';
import { AnchoredPopover } from '../ui/anchored-popover.tsx';
import { IconButton } from '../ui/button.tsx';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })));

export function EmojiButton({ onPick }: { onPick(emoji: string): void }) {
  const { t } = useTexts();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton label={t('emoji.open')} keys=":" side="top" aria-haspopup="dialog" aria-expanded={anchor !== null} onClick={(event) => setAnchor(event.currentTarget)}>
        <Smile size={16} />
      </IconButton>
      {anchor && (
        <AnchoredPopover anchor={anchor} label={t('emoji.title')} onClose={() => setAnchor(null)}>
          <Suspense fallback={null}>
            <EmojiPicker
              onPick={(emoji) => {
                setAnchor(null);
                onPick(emoji);
              }}
            />
          </Suspense>
        </AnchoredPopover>
      )}
    </>
  );
}
