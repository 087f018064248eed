/**
 * Gives the messages and statuses of one file ids of their own. Documentation samples share a few wamids; without this
 * they would count as deliveries of one message. The rest of the bytes stays as it is.
 */
import { toMetaJson } from '../../main/demo/meta/wire-json.ts';

const ID_ARRAYS = ['messages', 'message_echoes', 'statuses'];

/** @param tag goes into each id; the same file with the same tag gives the same ids. */
export function makeIdsUnique(raw: Buffer, tag: string): Buffer {
  let text = raw.toString('utf8');
  for (const id of new Set(listIds(text))) {
    for (const write of [JSON.stringify, toMetaJson]) text = text.replaceAll(write(id), write(`${id}.${tag}`));
  }
  return Buffer.from(text);
}

function listIds(text: string): string[] {
  try {
    return listElements(JSON.parse(text), ID_ARRAYS).flatMap((element) => (isObject(element) && typeof element['id'] === 'string' ? [element['id']] : []));
  } catch {
    return [];
  }
}

/** The elements of these arrays in every change of a webhook body, also one level down in standby and in threads of the history, whatever else is wrong with it. */
export function listElements(body: unknown, arrayNames: string[]): unknown[] {
  return listOf(body, 'entry')
    .flatMap((entry) => listOf(entry, 'changes'))
    .flatMap((change) => {
      const value = isObject(change) ? change['value'] : undefined;
      const deeper = [...(isObject(value) ? [value['standby']] : []), ...listOf(value, 'history').flatMap((chunk) => listOf(chunk, 'threads'))];
      return [value, ...deeper].flatMap((part) => arrayNames.flatMap((name) => listOf(part, name)));
    });
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown, key: string): unknown[] => (isObject(value) && Array.isArray(value[key]) ? value[key] : []);
