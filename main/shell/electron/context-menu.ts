/** The system's menu for texts: what the spell checker proposes, and cut, copy and paste; for links and pictures what can be copied of them. */
import { app, clipboard, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { shellLanguageOf } from './shell-language.ts';

const TEXTS = {
  es: {
    none: 'Sin sugerencias',
    learn: 'Añadir al diccionario',
    cut: 'Cortar',
    copy: 'Copiar',
    paste: 'Pegar',
    plain: 'Pegar sin formato',
    all: 'Seleccionar todo',
    link: 'Copiar enlace',
    image: 'Copiar imagen',
  },
  en: { none: 'No suggestions', learn: 'Add to dictionary', cut: 'Cut', copy: 'Copy', paste: 'Paste', plain: 'Paste as plain text', all: 'Select all', link: 'Copy link', image: 'Copy image' },
} as const;

/** A page that shows a menu of its own prevents this one. */
export function showContextMenus(contents: WebContents): void {
  const text = TEXTS[shellLanguageOf(app.getLocale())];
  const separator = { type: 'separator' } as const;
  contents.on('context-menu', (_event, { misspelledWord, dictionarySuggestions, isEditable, editFlags, selectionText, linkURL, mediaType, x, y }) => {
    const spelling: MenuItemConstructorOptions[] =
      misspelledWord === ''
        ? []
        : [
            ...(dictionarySuggestions.length === 0 ? [{ label: text.none, enabled: false }] : dictionarySuggestions.map((word) => ({ label: word, click: () => contents.replaceMisspelling(word) }))),
            separator,
            { label: text.learn, click: () => contents.session.addWordToSpellCheckerDictionary(misspelledWord) },
            separator,
          ];
    const editing: MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'cut', label: text.cut, enabled: editFlags.canCut },
          { role: 'copy', label: text.copy, enabled: editFlags.canCopy },
          { role: 'paste', label: text.paste, enabled: editFlags.canPaste },
          { role: 'pasteAndMatchStyle', label: text.plain, enabled: editFlags.canPaste },
          separator,
          { role: 'selectAll', label: text.all, enabled: editFlags.canSelectAll },
        ]
      : selectionText.trim() === ''
        ? []
        : [{ role: 'copy', label: text.copy, enabled: editFlags.canCopy }];
    const things: MenuItemConstructorOptions[] = [
      ...(/^https?:/.test(linkURL) ? [{ label: text.link, click: () => clipboard.writeText(linkURL) }] : []),
      ...(mediaType === 'image' ? [{ label: text.image, click: () => contents.copyImageAt(x, y) }] : []),
    ];
    const template = [...spelling, ...editing, ...things];
    if (template.length > 0) Menu.buildFromTemplate(template).popup();
  });
}
