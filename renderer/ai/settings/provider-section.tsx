/** Where the model is. Invariant: the key goes from the field to the engine's key store and never comes back; the field is emptied as soon as it is given. */
import { CircleCheck, CircleX, PlugZap } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ProviderSettings } from '../../../contract/ai/ai-entities.ts';
import { PROVIDER_PROFILES } from '../../../contract/ai/ai-words.ts';
import { useTexts } from '../../i18n/use-texts.tsx';
import type { EngineOutputs } from '../../rpc/engine-client.ts';
import { useClient, useFrom, useStores } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Check, SelectField, TextField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Section } from './section.tsx';
import type { SettingsForm } from './use-ai-settings.ts';
import styles from './section.module.css';

type Preset = EngineOutputs['ai']['presets'][number];
type Tested = EngineOutputs['ai']['testConnection'];
const PRICES = ['input', 'cached', 'output'] as const;
/** A header carries nothing else; whatever does not fit was picked up while copying. */
const KEY = /^[\x21-\x7e]*$/;
const readPrice = (text: string): number | null => (/^\d{1,5}([.,]\d{1,6})?$/.test(text.trim()) ? Number(text.replace(',', '.')) : null);

export function ProviderSection({ settings: { provider }, action, save }: SettingsForm) {
  const { t, format } = useTexts();
  const client = useClient();
  const { ai } = useStores();
  const keyState = useFrom('ai', ({ workspace }) => workspace?.key ?? 'missing');
  const [presets, setPresets] = useState<readonly Preset[]>([]);
  /** Only what is being changed: the rest stays as somebody else may set it meanwhile. */
  const [typed, setTyped] = useState<Partial<ProviderSettings>>({});
  const [prices, setPrices] = useState<Record<(typeof PRICES)[number], string> | null>(null);
  const [key, setKey] = useState('');
  const [tested, setTested] = useState<Tested | null>(null);
  /** Of the test that counts: what comes back for settings that were changed since says nothing of these. */
  const testNo = useRef(0);
  const test = useAction();
  const giveKey = useAction();
  useEffect(() => {
    client.ai.presets().then(setPresets, () => undefined);
  }, [client]);

  const now = { ...provider, ...typed };
  const shownPrices =
    prices ?? (provider.prices ? { input: String(provider.prices.input), cached: String(provider.prices.cached), output: String(provider.prices.output) } : { input: '', cached: '', output: '' });
  const preset = presets.find(({ profile }) => profile === now.profile);
  const isBuiltin = now.profile === 'builtin';
  const asksKey = !isBuiltin && !(preset?.isLocal ?? false);
  const hasNoPrice = PRICES.every((one) => shownPrices[one].trim() === '');
  const wrongPrices = !hasNoPrice && PRICES.some((one) => readPrice(shownPrices[one]) === null);
  /** What the engine says of the key is about the server that is set. */
  const isAsSet = now.profile === provider.profile && now.baseUrl.trim() === provider.baseUrl.trim();
  const full: ProviderSettings = {
    ...now,
    prices: hasNoPrice || wrongPrices ? null : { input: readPrice(shownPrices.input) ?? 0, cached: readPrice(shownPrices.cached) ?? 0, output: readPrice(shownPrices.output) ?? 0 },
  };
  const newKey = asksKey ? key.trim() : '';
  const isWrongKey = !KEY.test(newKey);
  const isChanged = JSON.stringify(full) !== JSON.stringify(provider) || newKey !== '';
  const isIncomplete = !isBuiltin && (now.baseUrl.trim() === '' || now.model.trim() === '');
  const forgetTest = (): number => {
    setTested(null);
    return (testNo.current += 1);
  };
  const change = (patch: Partial<ProviderSettings>): void => {
    forgetTest();
    setTyped({ ...typed, ...patch });
  };
  const submit = async (): Promise<void> => {
    if (JSON.stringify(full) !== JSON.stringify(provider) && !(await save({ provider: full }))) return;
    setTyped({});
    setPrices(null);
    if (newKey !== '') storeKey(newKey);
  };
  const storeKey = (value: string | null): void =>
    void giveKey
      .run(() => client.ai.setKey({ key: value, baseUrl: now.baseUrl.trim() }))
      .then((isDone) => {
        if (!isDone) return;
        setKey('');
        ai.getState().refresh();
      });
  const tryIt = (): void =>
    void test.run(async () => {
      const no = forgetTest();
      const answer = await client.ai.testConnection({ provider: full, key: newKey === '' ? null : newKey });
      if (testNo.current === no) setTested(answer);
    });
  return (
    <Section
      title={t('aiSettings.provider.title')}
      text={t('aiSettings.provider.text')}
      isOff={action.isBusy || giveKey.isBusy || wrongPrices || isIncomplete || isWrongKey}
      isChanged={isChanged}
      onSave={() => void submit()}
    >
      <SelectField
        label={t('aiSettings.provider.profile')}
        hint={t(`aiSettings.provider.privacy.${now.profile}`)}
        value={now.profile}
        onChange={({ target }) => {
          const profile = PROVIDER_PROFILES.find((one) => one === target.value) ?? 'builtin';
          change({ profile, baseUrl: presets.find((one) => one.profile === profile)?.baseUrl ?? '', isLocalOnly: presets.find((one) => one.profile === profile)?.isLocal ?? false });
        }}
      >
        {PROVIDER_PROFILES.map((profile) => (
          <option key={profile} value={profile}>
            {t(`aiSettings.provider.profiles.${profile}`)}
          </option>
        ))}
      </SelectField>
      {!isBuiltin && (
        <>
          <TextField
            label={t('aiSettings.provider.baseUrl')}
            hint={t('aiSettings.provider.baseUrlHint')}
            inputMode="url"
            value={now.baseUrl}
            maxLength={500}
            onChange={({ target }) => change({ baseUrl: target.value })}
          />
          <TextField
            label={t('aiSettings.provider.model')}
            hint={t('aiSettings.provider.modelHint')}
            value={now.model}
            maxLength={200}
            list="ai-models"
            onChange={({ target }) => change({ model: target.value })}
          />
          <datalist id="ai-models">
            {tested?.models?.slice(0, 200).map((model) => (
              <option key={model}>{model}</option>
            ))}
          </datalist>
          {asksKey && (
            <div>
              <TextField
                label={t('aiSettings.provider.key')}
                hint={`${isAsSet ? `${t(`aiSettings.provider.keyState.${keyState}`)} ` : ''}${t('aiSettings.provider.keyHint')}`}
                type="password"
                autoComplete="new-password"
                maxLength={500}
                value={key}
                error={isWrongKey ? t('aiSettings.provider.keyWrong') : null}
                onChange={({ target }) => {
                  forgetTest();
                  setKey(target.value);
                }}
              />
              {(keyState === 'set' || keyState === 'other_origin') && (
                <div className={styles['row']}>
                  <Button look="quiet" aria-disabled={giveKey.isBusy} onClick={() => storeKey(null)}>
                    {t('aiSettings.provider.forgetKey')}
                  </Button>
                </div>
              )}
            </div>
          )}
          <Check label={t('aiSettings.provider.localOnly')} hint={t('aiSettings.provider.localOnlyHint')} isOn={now.isLocalOnly} onChange={(isLocalOnly) => change({ isLocalOnly })} />
          <SelectField
            label={t('aiSettings.provider.api')}
            value={now.api}
            hint={t('aiSettings.provider.apiHint')}
            onChange={({ target }) => change({ api: target.value === 'responses' ? 'responses' : 'chat' })}
          >
            <option value="chat">Chat Completions</option>
            <option value="responses">Responses</option>
          </SelectField>
          <TextField
            label={t('aiSettings.provider.embeddings')}
            hint={t('aiSettings.provider.embeddingsHint')}
            maxLength={200}
            value={now.embeddingModel ?? ''}
            onChange={({ target }) => change({ embeddingModel: target.value.trim() === '' ? null : target.value })}
          />
          <div>
            <p className={styles['title']}>{t('aiSettings.provider.prices')}</p>
            <p className={styles['text']}>{t('aiSettings.provider.pricesHint')}</p>
            <div className={styles['pair']}>
              {PRICES.map((one) => (
                <TextField
                  key={one}
                  label={t(`aiSettings.provider.price.${one}`)}
                  inputMode="decimal"
                  maxLength={12}
                  value={shownPrices[one]}
                  error={!hasNoPrice && readPrice(shownPrices[one]) === null ? t('aiSettings.number') : null}
                  onChange={({ target }) => setPrices({ ...shownPrices, [one]: target.value })}
                />
              ))}
            </div>
          </div>
          <div className={styles['row']}>
            <Button icon={<PlugZap size={15} />} aria-disabled={test.isBusy || isIncomplete || isWrongKey} onClick={() => !isIncomplete && !isWrongKey && tryIt()}>
              {t(test.isBusy ? 'aiSettings.test.busy' : 'aiSettings.test.do')}
            </Button>
            <span>{t('aiSettings.test.hint')}</span>
          </div>
          <div role="status">
            {tested &&
              (tested.isOk ? (
                <div className={styles['result']} data-ok>
                  <p>
                    <CircleCheck size={15} aria-hidden="true" />
                    <strong>{t('aiSettings.test.ok', { model: tested.modelAnswered ?? now.model })}</strong>
                  </p>
                  <p>
                    {[
                      tested.firstTokenMs === null ? null : t('aiSettings.test.first', { ms: format.number(tested.firstTokenMs) }),
                      t(tested.streams ? 'aiSettings.test.streams' : 'aiSettings.test.noStream'),
                      t(tested.tellsUsage ? 'aiSettings.test.usage' : 'aiSettings.test.noUsage'),
                      now.embeddingModel === null ? null : t(tested.embeds ? 'aiSettings.test.embeds' : 'aiSettings.test.noEmbeds'),
                      tested.thinks ? t('aiSettings.test.thinks') : null,
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </p>
                  {tested.models !== null && !tested.models.includes(now.model) && <p>{t('aiSettings.test.unlisted')}</p>}
                </div>
              ) : (
                <div className={styles['result']} data-failed>
                  <p>
                    <CircleX size={15} aria-hidden="true" />
                    <strong>{tested.problem ? t(`aiSettings.problem.${tested.problem}`) : tested.failure ? t(`ai.failure.${tested.failure.class}.what`) : t('aiSettings.test.failed')}</strong>
                  </p>
                  {!tested.problem && tested.failure && <p>{t(`aiSettings.test.do_.${tested.failure.class}`)}</p>}
                  {tested.failure && tested.failure.detail !== '' && <p className={styles['detail']}>{tested.failure.detail}</p>}
                </div>
              ))}
          </div>
        </>
      )}
    </Section>
  );
}
