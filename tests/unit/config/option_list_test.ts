import { describe, expect, it } from "vitest";
import {
  listFlag,
  listItems,
  type ListOption,
  listValue,
  parseOptionList,
  splitItems,
} from "../../../agent/config/option_list.ts";
import { parseChoice, parseInteger, parseList, parseText } from "../../../agent/config/values.ts";
import { parseValue } from "../../support/parse_value.ts";

interface Draft {
  port: number;
  on: readonly string[];
  deep: boolean;
  names: string[];
  code: string;
}

const OPTIONS: readonly ListOption<Draft>[] = [
  listValue("port", "port", parseInteger(1, 99)),
  listValue("on", "on", parseList("|", parseChoice(["start", "end"])), { piped: true }),
  listFlag("deep", "deep"),
  listItems("name", "names", parseText("the name"), { aliases: ["label"] }),
  listValue("code", "code", parseText("the code"), { secret: true }),
];

function parse(text: string) {
  const draft: Draft = { port: 0, on: [], deep: false, names: [], code: "" };
  const { errors, problems } = parseValue((value, report) => {
    parseOptionList(splitItems(value), OPTIONS, draft, report);
    return undefined;
  }, text);
  return { draft, errors, problems };
}

describe("parseOptionList", () => {
  it("fills a draft", () => {
    const { draft, errors } = parse("port=7, on=start | end ,deep,name=a,label=b,code=x=y");
    expect(errors).toEqual([]);
    expect(draft).toEqual({
      port: 7,
      on: ["start", "end"],
      deep: true,
      names: ["a", "b"],
      code: "x=y",
    });
  });

  it("lets a flag be false", () => expect(parse("deep=0").draft.deep).toBe(false));

  it("reports all mistakes at once", () => {
    const { errors } = parse("prot=1,port=x,port=2,deep=perhaps,on=,,name");
    expect(errors).toEqual([
      '"prot" is no option here: known are port, on, deep, name, code',
      '"x" is not a whole number from 1 to 99',
      "the option port is given twice",
      '"perhaps" is neither true nor false',
      "the option on has no value",
      "nothing stands between two commas, or after the last one",
      "the option name has no value",
    ]);
  });

  it("names the nearest option", () => {
    expect(parse("prot=1").problems[0]?.hint).toBe("write port");
    expect(parse("zzz=1").problems[0]?.hint).toBeUndefined();
  });

  it("knows a comma that should be a pipe", () => {
    const { errors, problems } = parse("on=start,end");
    expect(errors).toEqual(['"end" is no option; the values before it are separated by |']);
    expect(problems[0]?.hint).toBe("write on=start|end");
  });

  it("hides secrets, also behind a misspelt name", () => {
    const { problems } = parse("cod=HIDDEN,code=HIDDEN,port=HIDE=ME");
    expect(JSON.stringify(problems)).not.toContain("HIDDEN");
    expect(problems[0]?.place?.line).toBe("b2c.test=cod=***,code=***,port=HIDE=ME");
  });
});
