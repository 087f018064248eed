/** The words that every text of a language has, whatever it is about. */
import type { KbLanguage } from '../../../contract/ai/ai-words.ts';

/** Function words and what people say besides their question, folded. Long ready-made lists also hold words that carry meaning here (día, horas, estado, trabajo). */
const SMALL_WORDS: Record<KbLanguage, ReadonlySet<string>> = {
  es: toSet(`a al algo alguien algun alguna algunas alguno algunos ante asi aun aunque bien bueno buena buenas buenos cada como con contra cual cuales cualquier cuando cuanto cuanta cuantos cuantas de del desde donde dos
    e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estan estar este esto estos estoy etc favor fue fueron gracias ha haber habia hace hacen hacer hacia han hasta hay he hola la las le les lo los
    mas me mi mis mismo misma muy nada ni no nos nosotros o os otra otras otro otros para pero poco podria podrian podemos por porfa porfavor porque pero pude puede pueden puedo pues q que quien quienes quiero quisiera
    quiere saber se sea sean ser si sin sobre solo son soy su sus tal tambien tan tanto te tengo tenia tiene tienen tienes toda todas todo todos tras tu tus u un una unas uno unos usted ustedes va van vez voy xq y ya yo
    gustaria necesito decir decirme dice disculpe disculpa consulta pregunta ayuda ayudar ayudarme me fueran vos ahi aqui aca alla entonces ok`),
  en: toSet(`a about am an and any are aren as at be because been being but by can cannot can could couldn d did didn do does doesn doing don each few for from get getting got had has hasn have haven having he hello her here hers hi him his
    how i if in into is isn it its just ll m may me might mine more most much must my need no nor not of on one only or other our ours out over own please re s same shall she should so some such t than thank thanks that the their
    theirs them then there these they this those to too up us ve very want was wasn we were weren what when where which while who whom whose why will with won would y yes you your yours know tell like help`),
  pt: toSet(`a ao aos algo alguem algum alguma ali ante aos apos aqui as ate bem boa bom cada com como da das de dela dele deles depois do dos e ela elas ele eles em entre era essa esse esta estao estar este estou eu fazer favor foi
    foram ha isso isto ja la lhe lhes lo mais mas me mesmo meu meus minha minhas muito na nao nas nem no nos nossa nosso num numa o obrigado obrigada oi ola os ou para pela pelas pelo pelos pode podem por porque posso pra qual quais
    quando quanto que quem quero queria saber se sem ser seu seus so sua suas tambem te tem tenho ter todo toda um uma umas uns vai voce voces vou preciso gostaria`),
};

function toSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** @param word folded. */
export const isSmallWord = (word: string, language: KbLanguage): boolean => SMALL_WORDS[language].has(word);
