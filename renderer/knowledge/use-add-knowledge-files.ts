import { useStores } from '../ui/app-context.tsx';
import type { Picked } from './pick-knowledge-files.ts';

export function useAddKnowledgeFiles(): (picked: Picked) => void {
  const { knowledgeFiles, toasts } = useStores();
  return ({ files, isCut }) => {
    knowledgeFiles.getState().add(files);
    if (isCut) toasts.getState().say('knowledge.cut', { values: { name: '', count: files.length } });
  };
}
