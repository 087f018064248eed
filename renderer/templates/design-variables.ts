/** Changes of a design that concern its variables: their names, their order, and the samples that go with them. */
import type { TemplateDesign } from '../../contract/whatsapp/template-definition.ts';
import { fillPlaceholders, placeholdersOf } from '../../contract/whatsapp/template-words.ts';

export type ParameterFormat = TemplateDesign['parameterFormat'];

/** The variables of the body under other names, with their samples. */
function renameVariables(design: TemplateDesign, nameOf: (name: string) => string): TemplateDesign {
  const names = placeholdersOf(design.body);
  return {
    ...design,
    body: fillPlaceholders(design.body, (name) => `{{${nameOf(name)}}}`),
    samples: Object.fromEntries(names.flatMap((name) => (Object.hasOwn(design.samples, name) ? [[nameOf(name), design.samples[name] ?? '']] : []))),
  };
}

/** 1, 2, 3 … as they come in the text. */
export function orderNumbers(design: TemplateDesign): TemplateDesign {
  const names = placeholdersOf(design.body);
  return renameVariables(design, (name) => String(names.indexOf(name) + 1));
}

/** Numbers become names, or names numbers. */
export function convertFormat(design: TemplateDesign, parameterFormat: ParameterFormat): TemplateDesign {
  if (design.parameterFormat === parameterFormat) return design;
  const { header } = design;
  const isNamed = parameterFormat === 'NAMED';
  const converted = isNamed ? renameVariables(design, (name) => (/^[a-z0-9_]*[a-z][a-z0-9_]*$/.test(name) ? name : `dato_${name.replaceAll(/[^a-z0-9_]/g, '') || 'x'}`)) : orderNumbers(design);
  return { ...converted, parameterFormat, header: header?.format === 'TEXT' ? { ...header, text: fillPlaceholders(header.text, () => (isNamed ? '{{titulo}}' : '{{1}}')) } : header };
}

/** A number that the body does not have yet. */
export const nextNumber = ({ body }: TemplateDesign): string => String(Math.max(0, ...placeholdersOf(body).map(Number).filter(Number.isFinite)) + 1);
