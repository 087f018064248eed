/** The account's templates: which there are, how each stands, and the designer of new ones. Everybody may look; leads change them. */
import { useEffect } from 'react';
import { mayLead } from '../../contract/rules/rights.ts';
import { useFrom } from '../ui/app-context.tsx';
import { Designer } from './designer.tsx';
import { TemplateBrowser } from './template-browser.tsx';

export function TemplatesPage() {
  const view = useFrom('view', ({ templatesView }) => templatesView);
  const load = useFrom('templates', (templates) => templates.load);
  const isLead = useFrom('session', ({ session }) => mayLead(session?.me ?? null));
  const draft = useFrom('designs', ({ drafts }) => (view.kind === 'design' ? drafts.find(({ id }) => id === view.draftId) : undefined));
  useEffect(load, [load]);
  return draft && isLead ? <Designer key={draft.id} draft={draft} /> : <TemplateBrowser chosen={view.kind === 'list' ? view.key : null} isLead={isLead} />;
}
