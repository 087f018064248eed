import { useTexts } from '../i18n/use-texts.tsx';
import { isNarrow, isSameFilter, NO_REQUEST_FILTER } from '../store/request-filter.ts';
import { viewOf } from '../store/requests-store.ts';
import { useFrom, useStores } from '../ui/app-context.tsx';
import { SavedViews } from '../ui/saved-views.tsx';

const NAME_MAX = 80;

export function RequestViews() {
  const { t } = useTexts();
  const { requests } = useStores();
  const views = useFrom('requests', (state) => state.views);
  const current = useFrom('requests', viewOf);
  const filter = useFrom('requests', (state) => state.filter);
  const { setFilter, saveView, replaceView, renameView, moveView, removeView } = requests.getState();
  return (
    <SavedViews
      views={views}
      currentId={current?.id ?? null}
      isAll={isSameFilter(filter, NO_REQUEST_FILTER)}
      canSave={current === null && (isNarrow(filter) || filter.sort !== 'newest')}
      nameMax={NAME_MAX}
      saveText={t('savedViews.requestsText')}
      actions={{
        show: (id) => setFilter(views.find((view) => view.id === id)?.filter ?? NO_REQUEST_FILTER),
        save: saveView,
        replace: replaceView,
        rename: renameView,
        move: moveView,
        remove: removeView,
      }}
    />
  );
}
