import { useMode } from "@regulars/shared/theme/mode";
import { applyPalette, FONT, type Palette, palette } from "@regulars/shared/theme/tokens";
import { App as AntdApp, ConfigProvider, type ThemeConfig, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type ReactNode, useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";

const FIELDS = ["Checkbox", "Radio", "Input", "InputNumber", "Select", "DatePicker"] as const;

/** The house's colours and letters for everything inside, in the mode and the language that were chosen. */
export function Theme({ children }: { children: ReactNode }) {
  const { mode } = useMode();
  const { i18n } = useTranslation();
  const english = i18n.language === "en";
  useLayoutEffect(() => applyPalette(mode), [mode]);
  dayjs.locale(english ? "en" : "zh-cn");
  return (
    <ConfigProvider
      locale={english ? enUS : zhCN}
      // Without this antd writes a space between two Chinese characters of a button, and nobody finds it by its name.
      button={{ autoInsertSpace: false }}
      theme={antdTheme(palette(mode), mode === "dark")}
      wave={{ disabled: true }}
    >
      <AntdApp component={false}>{children}</AntdApp>
    </ConfigProvider>
  );
}

function antdTheme(colors: Palette, dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: colors.accent,
      colorLink: colors.accent,
      colorSuccess: colors.good,
      colorWarning: colors.warn,
      colorError: colors.bad,
      colorInfo: colors.info,
      colorBgBase: colors.surface,
      colorBgContainer: colors.raised,
      colorBgElevated: colors.raised,
      colorBgLayout: colors.ground,
      colorText: colors.ink,
      colorTextHeading: colors.ink,
      colorTextSecondary: colors.inkSoft,
      colorTextTertiary: colors.inkFaint,
      colorTextDescription: colors.inkFaint,
      colorTextPlaceholder: colors.inkFaint,
      colorBorder: colors.line,
      colorBorderSecondary: colors.lineSoft,
      colorTextLightSolid: colors.onAccent,
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 7,
      controlHeight: 34,
      wireframe: false,
      boxShadowTertiary: "none",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
    },
    components: {
      Table: {
        headerBg: "transparent",
        headerColor: colors.inkSoft,
        headerSplitColor: "transparent",
        rowHoverBg: colors.accentSoft,
        borderColor: colors.lineSoft,
        cellPaddingBlockSM: 7,
        cellPaddingBlockMD: 12,
      },
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
        primaryColor: colors.onAccent,
      },
      // The edge is all that shows where an empty box or field is.
      ...Object.fromEntries(FIELDS.map((name) => [name, { colorBorder: colors.edge }])),
      Progress: { defaultColor: colors.accent, remainingColor: colors.lineSoft },
      Tabs: { itemColor: colors.inkSoft, horizontalItemPadding: "10px 0" },
      Tag: { defaultBg: colors.lineSoft, defaultColor: colors.inkSoft },
      Tooltip: { colorBgSpotlight: colors.ink, colorTextLightSolid: colors.surface },
    },
  };
}
