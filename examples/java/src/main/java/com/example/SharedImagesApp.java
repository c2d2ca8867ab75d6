package com.example;

import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

/** The Java twin of ../minimal/app.ts: the same ids and properties, and so the same templates. */
public final class SharedImagesApp {
    private SharedImagesApp() {
    }

    public static void main(final String[] args) {
        final App app = new App();
        final WebAppImages images = new WebAppImages(app, "WebAppImages", inAccount("111111111111"));
        new WebService(app, "WebService", images.getWebApp(), inAccount("222222222222"));
        app.synth();
    }

    private static StackProps inAccount(final String account) {
        return StackProps.builder()
            .env(Environment.builder().account(account).region("us-east-1").build())
            .build();
    }
}
