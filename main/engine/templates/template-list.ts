/** This desktop's copy of the account's templates, as screens show it. Invariant: what another account had is never shown. */
import { parseJson } from '../../../contract/json.ts';
import { BUILTIN_TEMPLATES, isBuiltinTemplate, type BuiltinTemplateName } from '../../../contract/requests/builtin-templates.ts';
import { templateSchema, type Template } from '../../../contract/whatsapp/template-definition.ts';
import { placeholdersOf } from '../../../contract/whatsapp/template-words.ts';
import { isSendable } from '../../../contract/whatsapp/template-slots.ts';
import type { BUILTIN_STATES, TemplateView } from '../../../contract/work-entities.ts';
import type { StoredTemplate, TemplateQueries } from '../db/template-queries.ts';

export type BuiltinState = (typeof BUILTIN_STATES)[number];
export type BuiltinCheck = { name: string; state: BuiltinState; key: string | null };

export type StoredTemplates = ReturnType<typeof createTemplateList>;

/** @param readWabaId the account of this desktop's number; null: none is set. */
export function createTemplateList({ queries, readWabaId }: { queries: TemplateQueries; readWabaId: () => string | null }) {
  const list = (): TemplateView[] => {
    const wabaId = readWabaId();
    return wabaId === null ? [] : queries.list(wabaId).flatMap((row) => view(row) ?? []);
  };
  const checkBuiltins = (items: readonly TemplateView[]): BuiltinCheck[] =>
    Object.keys(BUILTIN_TEMPLATES).map((name) => {
      const [best] = items.filter((item) => item.name === name).toSorted((a, b) => rank(a) - rank(b));
      return { name, state: best?.builtin ?? 'missing', key: best?.key ?? null };
    });

  return {
    list,
    checkBuiltins,
    find: (key: string): TemplateView | null => {
      const wabaId = readWabaId();
      const row = wabaId === null ? undefined : queries.find(key, wabaId);
      return (row && view(row)) ?? null;
    },
    /** The account's own one of a built-in template: that in Spanish that can be sent, if there is one. Null: the account has none of the name. */
    findBuiltin: (name: BuiltinTemplateName): TemplateView | null =>
      list()
        .filter((item) => item.name === name)
        .toSorted((a, b) => rank(a) - rank(b))[0] ?? null,
  };
}

const STATE_RANK: Record<BuiltinState, number> = { ok: 0, not_approved: 1, other_parameters: 2, other_language: 3, missing: 4 };
/** Best first; plain Spanish before that of a country. */
const rank = ({ builtin, language }: TemplateView): number => STATE_RANK[builtin ?? 'missing'] * 2 + (language === 'es' ? 0 : 1);

function view(row: StoredTemplate): TemplateView | null {
  const parsed = templateSchema.safeParse(parseJson(row.body));
  if (!parsed.success) return null;
  const template = parsed.data;
  return { ...template, key: row.key, builtin: judgeBuiltin(template), isSendable: isSendable(template), isFavourite: row.isFavourite === 1, lastUsedAt: row.lastUsedAt };
}

/** How a template of the account stands against the built-in one of its name: language, then number of variables, then status. */
export function judgeBuiltin(template: Template): BuiltinState | null {
  const { name, language, body, header, buttons, status } = template;
  if (!isBuiltinTemplate(name)) return null;
  if (!/^es(_|$)/.test(language)) return 'other_language';
  const expected = placeholdersOf(BUILTIN_TEMPLATES[name].body).length;
  // A header or button that has to be filled in is one more.
  const more =
    (header?.format === 'TEXT' ? placeholdersOf(header.text).length : header === null ? 0 : 1) + buttons.filter((button) => button.type === 'URL' && placeholdersOf(button.url).length > 0).length;
  if (placeholdersOf(body).length !== expected || more > 0) return 'other_parameters';
  return status === 'APPROVED' ? 'ok' : 'not_approved';
}
